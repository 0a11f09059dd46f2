// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import org.agrona.DirectBuffer;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;

/**
 * Looks for anything but 0 in the arrays and buffers that an object and the objects of ours behind it hold: for kernels
 * whose secrets are written in ways that {@link Remains} does not know, such as limbs and bit slices.
 */
public final class Blank
{
    private Blank()
    {
    }

    /**
     * {@return the first field that holds something, or "" where none does}
     *
     * @param root where the search begins; what it holds must form a tree
     */
    public static String fieldThatIsNot(final Object root)
    {
        return fieldThatIsNot(root, root.getClass());
    }

    private static String fieldThatIsNot(final Object root, final Class<?> type)
    {
        for (final Field field : type.getDeclaredFields())
        {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive())
            {
                final Object value = value(field, root);
                if (value != null && !isBlank(value))
                {
                    return field.toString();
                }
                if (value != null && value.getClass().getName().startsWith("dev.trishake"))
                {
                    final String inside = fieldThatIsNot(value);
                    if (!inside.isEmpty())
                    {
                        return inside;
                    }
                }
            }
        }
        final Class<?> parent = type.getSuperclass();
        return parent.getName().startsWith("dev.trishake") ? fieldThatIsNot(root, parent) : "";
    }

    /**
     * {@return whether a field of an object holds nothing but 0}
     *
     * @param object whose class declares the field
     * @param name   of the field, an array or a buffer
     */
    public static boolean isBlank(final Object object, final String name)
    {
        try
        {
            return isBlank(value(object.getClass().getDeclaredField(name), object));
        }
        catch (final NoSuchFieldException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static Object value(final Field field, final Object object)
    {
        try
        {
            field.setAccessible(true);
            return field.get(object);
        }
        catch (final IllegalAccessException ex)
        {
            throw new AssertionError(ex);
        }
    }

    private static boolean isBlank(final Object value)
    {
        if (value instanceof final DirectBuffer buffer)
        {
            for (int i = 0; i < buffer.capacity(); i++)
            {
                if (buffer.getByte(i) != 0)
                {
                    return false;
                }
            }
            return true;
        }
        if (value.getClass().isArray() && value.getClass().getComponentType().isPrimitive())
        {
            for (int i = 0; i < Array.getLength(value); i++)
            {
                if (((Number)Array.get(value, i)).longValue() != 0)
                {
                    return false;
                }
            }
        }
        return true;
    }
}
