// Copyright 2026 the Trishake authors
// SPDX-License-Identifier: Apache-2.0

package dev.trishake.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Follows secrets through the bytecode of a class, method by method, and says where one decides a branch, a place in
 * memory or a division.
 *
 * <p>What is secret: every element that is loaded from an array of numbers, whatever a buffer or a {@code VarHandle}
 * gives, every {@code long} parameter, and everything computed from those, by methods too. What is not: parameters of
 * type {@code int} (offsets, lengths, numbers of lanes), fields, lengths of arrays. Objects, vectors among them, carry
 * nothing: what vectors can't do, branch and index, is not looked for in them.
 *
 * <p>So it proves nothing of an {@code int} parameter that is a secret; of the arithmetic kernels, whose secrets are in
 * arrays and longs, it sees all.
 */
public final class SecretFlow
{
    private static final Set<String> GIVERS = Set.of("org/agrona/DirectBuffer", "org/agrona/MutableDirectBuffer",
        "org/agrona/concurrent/UnsafeBuffer", "java/lang/invoke/VarHandle");

    private final Set<String> findings = new TreeSet<>();
    private final Map<Label, Integer> labels = new HashMap<>();
    private final Deque<Integer> open = new ArrayDeque<>();
    private List<CodeElement> code;
    private State[] states;
    private String place;

    private SecretFlow()
    {
    }

    /** What is known before an instruction: whether each slot of locals and stack is secret. */
    private static final class State
    {
        private final boolean[] locals;
        private final List<Boolean> stack;

        private State(final boolean[] locals, final List<Boolean> stack)
        {
            this.locals = locals;
            this.stack = stack;
        }

        private State copy()
        {
            return new State(locals.clone(), new ArrayList<>(stack));
        }

        private void push(final int slots, final boolean secret)
        {
            for (int i = 0; i < slots; i++)
            {
                stack.add(secret);
            }
        }

        private boolean pop(final int slots)
        {
            boolean secret = false;
            for (int i = 0; i < slots; i++)
            {
                secret |= stack.removeLast();
            }
            return secret;
        }

        /** {@return whether something became secret} */
        private boolean join(final State other)
        {
            boolean changed = false;
            for (int i = 0; i < locals.length; i++)
            {
                changed |= other.locals[i] && !locals[i];
                locals[i] |= other.locals[i];
            }
            for (int i = 0; i < stack.size(); i++)
            {
                changed |= other.stack.get(i) && !stack.get(i);
                stack.set(i, stack.get(i) || other.stack.get(i));
            }
            return changed;
        }
    }

    /**
     * {@return where secrets decide in a class, a sentence each; empty where they don't}
     *
     * @param type    the class
     * @param decided names of methods whose result is about to be acted on in public, which may branch
     */
    public static Set<String> findings(final Class<?> type, final String... decided)
    {
        final SecretFlow flow = new SecretFlow();
        final ClassModel model = parse(type);
        for (final MethodModel method : model.methods())
        {
            final String name = method.methodName().stringValue();
            if (!Arrays.asList(decided).contains(name) && method.code().isPresent() && !name.startsWith("<"))
            {
                flow.place = type.getSimpleName() + "." + name;
                flow.follow(method);
            }
        }
        return flow.findings;
    }

    private static ClassModel parse(final Class<?> type)
    {
        try (InputStream in = type.getResourceAsStream(
            type.getName().substring(type.getPackageName().length() + 1) + ".class"))
        {
            return ClassFile.of().parse(in.readAllBytes());
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void follow(final MethodModel method)
    {
        code = method.code().orElseThrow().elementList();
        states = new State[code.size() + 1];
        labels.clear();
        for (int i = 0; i < code.size(); i++)
        {
            if (code.get(i) instanceof final LabelTarget target)
            {
                labels.put(target.label(), i);
            }
        }
        final State entry = new State(new boolean[1 << 10], new ArrayList<>());
        int slot = (method.flags().flagsMask() & ClassFile.ACC_STATIC) != 0 ? 0 : 1;
        for (final ClassDesc parameter : method.methodTypeSymbol().parameterList())
        {
            final TypeKind kind = TypeKind.from(parameter);
            Arrays.fill(entry.locals, slot, slot + kind.slotSize(), kind == TypeKind.LONG);
            slot += kind.slotSize();
        }
        reach(0, entry);
        while (!open.isEmpty())
        {
            final int at = open.remove();
            step(at, states[at].copy());
        }
    }

    private void reach(final int at, final State state)
    {
        if (states[at] == null)
        {
            states[at] = state.copy();
            open.add(at);
        }
        else if (states[at].join(state))
        {
            open.add(at);
        }
    }

    private void jump(final Label label, final State state)
    {
        reach(labels.get(label), state);
    }

    private void step(final int at, final State state)
    {
        switch (code.get(at))
        {
            case final BranchInstruction branch ->
            {
                final int operands = operands(branch.opcode());
                report(state.pop(operands) && !isOfReferences(branch.opcode()), "a branch depends on a secret");
                jump(branch.target(), state);
                if (branch.opcode() == Opcode.GOTO || branch.opcode() == Opcode.GOTO_W)
                {
                    return;
                }
            }
            case final TableSwitchInstruction choice ->
            {
                report(state.pop(1), "a switch depends on a secret");
                choice.cases().forEach(one -> jump(one.target(), state));
                jump(choice.defaultTarget(), state);
                return;
            }
            case final LookupSwitchInstruction choice ->
            {
                report(state.pop(1), "a switch depends on a secret");
                choice.cases().forEach(one -> jump(one.target(), state));
                jump(choice.defaultTarget(), state);
                return;
            }
            case final ReturnInstruction end ->
            {
                return;
            }
            case final ThrowInstruction end ->
            {
                return;
            }
            case final Instruction instruction -> execute(instruction, state);
            default ->
            {
                // a label, a line number
            }
        }
        reach(at + 1, state);
    }

    private void execute(final Instruction instruction, final State state)
    {
        switch (instruction)
        {
            case final LoadInstruction load ->
                state.push(load.typeKind().slotSize(), state.locals[load.slot()]);
            case final StoreInstruction store ->
            {
                final int slots = store.typeKind().slotSize();
                Arrays.fill(state.locals, store.slot(), store.slot() + slots, state.pop(slots));
            }
            case final ArrayLoadInstruction load ->
            {
                report(state.pop(1), "a place in an array depends on a secret");
                state.pop(1);
                state.push(load.typeKind().slotSize(), load.typeKind() != TypeKind.REFERENCE);
            }
            case final ArrayStoreInstruction store ->
            {
                state.pop(store.typeKind().slotSize());
                report(state.pop(1), "a place in an array depends on a secret");
                state.pop(1);
            }
            case final OperatorInstruction operator -> operate(operator, state);
            case final ConvertInstruction convert ->
                state.push(convert.toType().slotSize(), state.pop(convert.fromType().slotSize()));
            case final ConstantInstruction constant -> state.push(constant.typeKind().slotSize(), false);
            case final FieldInstruction field -> access(field, state);
            case final InvokeInstruction call -> invoke(call, state);
            case final InvokeDynamicInstruction call -> call(call.typeSymbol(), false, state);
            case final StackInstruction stack -> shuffle(stack.opcode(), state.stack);
            case final NewObjectInstruction create -> state.push(1, false);
            case final NewPrimitiveArrayInstruction create -> state.push(1, state.pop(1));
            case final NewReferenceArrayInstruction create -> state.push(1, state.pop(1));
            case final TypeCheckInstruction check -> state.push(1, state.pop(1));
            case final IncrementInstruction increment ->
            {
                // a local stays what it is
            }
            default -> throw new AssertionError(place + ": an instruction that is new to this test: " + instruction);
        }
    }

    private void operate(final OperatorInstruction operator, final State state)
    {
        final Opcode opcode = operator.opcode();
        if (opcode == Opcode.ARRAYLENGTH)
        {
            state.pop(1);
            state.push(1, false);
            return;
        }
        final String name = opcode.name();
        final int slots = operator.typeKind().slotSize();
        final boolean unary = name.endsWith("NEG");
        final boolean shift = name.contains("SH");
        boolean secret = state.pop(shift ? 1 : slots);
        secret |= !unary && state.pop(slots);
        report(secret && (name.endsWith("DIV") || name.endsWith("REM")), "a division depends on a secret");
        final boolean comparison = name.contains("CMP");
        state.push(comparison ? 1 : slots, secret);
    }

    private static void access(final FieldInstruction field, final State state)
    {
        final int slots = TypeKind.from(field.typeSymbol()).slotSize();
        switch (field.opcode())
        {
            case GETSTATIC -> state.push(slots, false);
            case GETFIELD ->
            {
                state.pop(1);
                state.push(slots, false);
            }
            case PUTSTATIC -> state.pop(slots);
            default ->
            {
                state.pop(slots);
                state.pop(1);
            }
        }
    }

    private void invoke(final InvokeInstruction call, final State state)
    {
        final boolean gives = GIVERS.contains(call.owner().asInternalName()) &&
            call.name().stringValue().startsWith("get");
        final boolean secret = call(call.typeSymbol(), call.opcode() != Opcode.INVOKESTATIC, state);
        report(gives && secret, "a place in a buffer depends on a secret");
        final int result = TypeKind.from(call.typeSymbol().returnType()).slotSize();
        if (gives)
        {
            state.pop(result);
            state.push(result, true);
        }
    }

    /** {@return whether an argument was secret; then the result is, if it is a number} */
    private static boolean call(final MethodTypeDesc type, final boolean receiver, final State state)
    {
        boolean secret = false;
        for (final ClassDesc parameter : type.parameterList())
        {
            secret |= state.pop(TypeKind.from(parameter).slotSize());
        }
        if (receiver)
        {
            state.pop(1);
        }
        final TypeKind result = TypeKind.from(type.returnType());
        state.push(result.slotSize(), secret && result != TypeKind.REFERENCE);
        return secret;
    }

    /** DUP_X1 and its kin, JVMS 6.5, slot by slot. */
    private static void shuffle(final Opcode opcode, final List<Boolean> stack)
    {
        final int size = stack.size();
        switch (opcode)
        {
            case POP -> stack.removeLast();
            case POP2 -> stack.subList(size - 2, size).clear();
            case DUP -> stack.add(stack.getLast());
            case DUP_X1 -> stack.add(size - 2, stack.getLast());
            case DUP_X2 -> stack.add(size - 3, stack.getLast());
            case DUP2 -> stack.addAll(List.copyOf(stack.subList(size - 2, size)));
            case DUP2_X1 -> stack.addAll(size - 3, List.copyOf(stack.subList(size - 2, size)));
            case DUP2_X2 -> stack.addAll(size - 4, List.copyOf(stack.subList(size - 2, size)));
            default -> stack.add(size - 2, stack.removeLast());
        }
    }

    private static int operands(final Opcode opcode)
    {
        final String name = opcode.name();
        if (name.startsWith("GOTO"))
        {
            return 0;
        }
        return name.startsWith("IF_") ? 2 : 1;
    }

    private static boolean isOfReferences(final Opcode opcode)
    {
        return opcode.name().contains("ACMP") || opcode.name().contains("NULL");
    }

    private void report(final boolean found, final String what)
    {
        if (found)
        {
            findings.add(place + ": " + what);
        }
    }
}
