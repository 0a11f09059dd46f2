// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.soak.tongsuo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tongsuo's libssl (BabaSSL 8.3.2, of OpenSSL 1.1.1h), as it lies in the native half of its Java SDK: all functions are
 * exported there, and are called by their names. The SDK's Java half is not used.
 */
@SuppressWarnings("restricted")
public final class LibSsl
{
    private static final Path JAR =
        Path.of("target/peers/tongsuo/tongsuo-openjdk-1.0.0-linux-x86_64.jar");
    private static final String ENTRY = "META-INF/native/libconscrypt_openjdk_jni-linux-x86_64.so";
    private static final long NO_ATEXIT = 0x0008_0000; // OPENSSL_INIT_NO_ATEXIT: our threads may outlive its cleaning
    // ELF-64
    private static final int E_PHOFF = 32;
    private static final int E_PHENTSIZE = 54;
    private static final int E_PHNUM = 56;
    private static final int P_FLAGS = 4;
    private static final int PT_GNU_STACK = 0x6474_e551;
    private static final int PF_X = 1;
    private static final int ERROR_LENGTH = 256;
    private static LibSsl loaded;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup symbols;
    private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();

    private LibSsl(final SymbolLookup symbols)
    {
        this.symbols = symbols;
        number("OPENSSL_init_ssl", NO_ATEXIT, MemorySegment.NULL);
    }

    /** {@return the library}, where this machine can run it; else the test is skipped and says why. */
    public static synchronized LibSsl load()
    {
        final String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        assumeTrue(machine.equals("Linux amd64"), "Tongsuo's library is for Linux amd64, this is " + machine);
        assumeTrue(Files.isRegularFile(JAR), "Maven has not copied Tongsuo's library to " + JAR);
        if (loaded == null)
        {
            try
            {
                loaded = new LibSsl(SymbolLookup.libraryLookup(extracted(), Arena.global()));
            }
            catch (final IOException ex)
            {
                throw new UncheckedIOException(ex);
            }
        }
        return loaded;
    }

    /** The loader keeps it mapped, so the file itself can go. */
    private static Path extracted() throws IOException
    {
        final Path file = Files.createTempFile("tongsuo", ".so");
        file.toFile().deleteOnExit();
        try (JarFile jar = new JarFile(JAR.toFile()))
        {
            final ZipEntry entry = jar.getEntry(ENTRY);
            try (InputStream in = jar.getInputStream(entry))
            {
                final byte[] library = in.readAllBytes();
                forbidExecutableStack(ByteBuffer.wrap(library).order(ByteOrder.LITTLE_ENDIAN));
                Files.write(file, library);
            }
        }
        return file;
    }

    /**
     * Its assembler forgot to say that it needs no executable stack, so it seems to want one: the JVM then warns, and
     * glibc 2.41 does not load it any more.
     */
    private static void forbidExecutableStack(final ByteBuffer elf)
    {
        final int headers = (int)elf.getLong(E_PHOFF);
        for (int i = 0; i < elf.getShort(E_PHNUM); i++)
        {
            final int header = headers + i * elf.getShort(E_PHENTSIZE);
            if (elf.getInt(header) == PT_GNU_STACK)
            {
                elf.putInt(header + P_FLAGS, elf.getInt(header + P_FLAGS) & ~PF_X);
            }
        }
    }

    // ---- calls: a String is a char*, an Integer an int, a Long a long or a size_t

    /** {@return what a function answers that answers an int} */
    public int number(final String function, final Object... arguments)
    {
        return (Integer)call(function, ValueLayout.JAVA_INT, arguments);
    }

    /** {@return what a function answers that answers a long} */
    public long longNumber(final String function, final Object... arguments)
    {
        return (Long)call(function, ValueLayout.JAVA_LONG, arguments);
    }

    /** {@return what a function answers that answers a pointer} */
    public MemorySegment pointer(final String function, final Object... arguments)
    {
        return (MemorySegment)call(function, ValueLayout.ADDRESS, arguments);
    }

    /** {@return the string that a function answers a pointer to; null for no string} */
    public String string(final String function, final Object... arguments)
    {
        return string(pointer(function, arguments));
    }

    /** {@return the string at an address; null for no string} */
    static String string(final MemorySegment address)
    {
        return address.equals(MemorySegment.NULL) ? null : memory(address, Integer.MAX_VALUE).getString(0);
    }

    /** {@return the memory at an address} */
    static MemorySegment memory(final MemorySegment address, final long length)
    {
        return address.reinterpret(length);
    }

    /** Calls a function that answers nothing. */
    public void run(final String function, final Object... arguments)
    {
        call(function, null, arguments);
    }

    /** Calls a function that answers 1 where all is well. */
    public void must(final String function, final Object... arguments)
    {
        if (number(function, arguments) != 1)
        {
            throw new IllegalStateException(function + ": " + errors());
        }
    }

    private Object call(final String function, final MemoryLayout result, final Object... arguments)
    {
        try (Arena arena = Arena.ofConfined())
        {
            final Object[] passed = Arrays.stream(arguments)
                .map(argument -> argument instanceof String text ? arena.allocateFrom(text) : argument).toArray();
            return handles.computeIfAbsent(function, name -> link(name, result, passed)).invokeExact(passed);
        }
        catch (final RuntimeException | Error ex)
        {
            throw ex;
        }
        catch (final Throwable ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** The handle of a function takes all that is passed in one array; shapes follow from the first call. */
    private MethodHandle link(final String function, final MemoryLayout result, final Object... passed)
    {
        final MemoryLayout[] layouts = Arrays.stream(passed).map(LibSsl::layout).toArray(MemoryLayout[]::new);
        final MethodHandle handle = linker.downcallHandle(symbols.findOrThrow(function),
            result == null ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(result, layouts));
        return handle.asSpreader(Object[].class, passed.length)
            .asType(MethodType.methodType(Object.class, Object[].class));
    }

    private static MemoryLayout layout(final Object argument)
    {
        return argument instanceof Integer ? ValueLayout.JAVA_INT :
            argument instanceof Long ? ValueLayout.JAVA_LONG : ValueLayout.ADDRESS;
    }

    /**
     * {@return a method of ours as a function of C}
     *
     * @param target   whose method it is
     * @param method   its name
     * @param type     its shape: int, and MemorySegment for a pointer
     * @param lifetime how long it may be called
     */
    static MemorySegment callback(
        final MethodHandles.Lookup lookup, final Object target, final String method, final MethodType type,
        final Arena lifetime)
    {
        try
        {
            final MemoryLayout[] layouts = type.parameterList().stream()
                .map(kind -> kind == int.class ? ValueLayout.JAVA_INT : ValueLayout.ADDRESS)
                .toArray(MemoryLayout[]::new);
            return Linker.nativeLinker().upcallStub(lookup.bind(target, method, type),
                type.returnType() == void.class ? FunctionDescriptor.ofVoid(layouts) :
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts), lifetime);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    /** {@return what this thread's queue of errors says, which is empty afterwards} */
    public String errors()
    {
        final StringBuilder all = new StringBuilder();
        try (Arena arena = Arena.ofConfined())
        {
            final MemorySegment text = arena.allocate(ERROR_LENGTH);
            for (long error = longNumber("ERR_get_error"); error != 0; error = longNumber("ERR_get_error"))
            {
                run("ERR_error_string_n", error, text, (long)ERROR_LENGTH);
                all.append(all.isEmpty() ? "" : ", ").append(text.getString(0).replaceAll(".*:", ""));
            }
        }
        return all.toString();
    }
}
