using System;
using System.Collections.Generic;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>The program of a thread: accesses to shared words, jumps, and checks of its registers.</summary>
internal sealed class ModelThread
{
    /// <summary>The number of registers.</summary>
    public const int Registers = 8;

    private readonly Dictionary<string, int> _labels = [];

    /// <summary>Gets the instructions.</summary>
    public List<Instruction> Code { get; } = [];

    /// <summary>Names the position of the next instruction.</summary>
    public ModelThread At(string label)
    {
        _labels.Add(label, Code.Count);
        return this;
    }

    public ModelThread Load(int register, Func<int[], int> word, Order order) =>
        Add(new Instruction { Word = word, Register = register, Order = order });

    public ModelThread Store(Func<int[], int> word, Func<int[], int> value, Order order) =>
        Add(new Instruction { Word = word, Value = value, Order = order });

    /// <summary>Reads the newest value, and stores another one unless that is null.</summary>
    public ModelThread Modify(
        int register, Func<int[], int> word, Func<int, int[], int?> change, Order order) =>
        Add(new Instruction { Word = word, Change = change, Register = register, Order = order });

    /// <summary>
    /// Stores a value if the word has the expected one; the register is set to the value that was read.
    /// </summary>
    public ModelThread Replace(
        int register,
        Func<int[], int> word,
        Func<int[], int> expected,
        Func<int[], int> value,
        Order order) =>
        Modify(register, word, (seen, r) => seen == expected(r) ? value(r) : null, order);

    public ModelThread Set(int register, Func<int[], int> value) =>
        Add(new Instruction { Value = value, Register = register });

    public ModelThread Jump(string label, Func<int[], bool>? condition = null) =>
        Add(new Instruction { Label = label, Condition = condition ?? (_ => true) });

    /// <summary>Fails the exploration unless the condition holds.</summary>
    public ModelThread Check(Func<int[], bool> condition) => Add(new Instruction { Condition = condition });

    /// <summary>Returns the position of a label; the end of the program has the label <c>end</c>.</summary>
    public int PositionOf(string label) => label == "end" ? Code.Count : _labels[label];

    private ModelThread Add(Instruction instruction)
    {
        Code.Add(instruction);
        return this;
    }
}
