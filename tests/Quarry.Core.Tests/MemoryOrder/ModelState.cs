using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>A state of the threads and the memory of a <see cref="WeakMemoryModel"/>.</summary>
internal sealed class ModelState
{
    /// <summary>Creates the first state, in which all registers are 0.</summary>
    public ModelState(int[] initial, int threads)
    {
        int words = initial.Length;
        History = [.. initial.Select(value => new List<StoredValue> { new(value, new int[words]) })];
        Fenced = new int[words];
        Position = new int[threads];
        Registers = Arrays(threads, ModelThread.Registers);
        Seen = Arrays(threads, words);
        Pending = Arrays(threads, words);
        Released = Arrays(threads, words);
    }

    private ModelState(ModelState other)
    {
        History = [.. other.History.Select(stores => new List<StoredValue>(stores))];
        Fenced = other.Fenced;
        Position = (int[])other.Position.Clone();
        Registers = [.. other.Registers.Select(registers => (int[])registers.Clone())];
        Seen = (int[][])other.Seen.Clone();
        Pending = (int[][])other.Pending.Clone();
        Released = (int[][])other.Released.Clone();
    }

    /// <summary>Gets the stores to each word, oldest first.</summary>
    public List<StoredValue>[] History { get; }

    /// <summary>Gets what every thread sees after its next full fence.</summary>
    public int[] Fenced { get; set; }

    /// <summary>Gets the next instruction of each thread.</summary>
    public int[] Position { get; }

    public int[][] Registers { get; }

    /// <summary>Gets what each thread sees.</summary>
    public int[][] Seen { get; }

    /// <summary>Gets what each thread has read without acquiring it, and sees after a fence.</summary>
    public int[][] Pending { get; }

    /// <summary>Gets what each thread had seen at its last fence: all of its stores publish it.</summary>
    public int[][] Released { get; }

    /// <summary>Gets the newest value of a word.</summary>
    public int this[int word] => History[word][^1].Value;

    public ModelState Copy() => new(this);

    /// <summary>Returns text that is equal for equal states.</summary>
    public string Key()
    {
        StringBuilder key = new();
        foreach (List<StoredValue> stores in History)
        {
            foreach (StoredValue store in stores)
            {
                Append(key.Append((char)(store.Value + Offset)), store.View);
            }

            _ = key.Append('|');
        }

        Append(key, Fenced);
        Append(key, Position);
        foreach (int[] numbers in Registers.Concat(Seen).Concat(Pending).Concat(Released))
        {
            Append(key, numbers);
        }

        return key.ToString();
    }

    // Keeps small negative numbers and the separator apart from each other.
    private const int Offset = 1000;

    private static void Append(StringBuilder key, int[] numbers)
    {
        foreach (int number in numbers)
        {
            _ = key.Append((char)(number + Offset));
        }
    }

    private static int[][] Arrays(int count, int length) =>
        [.. Enumerable.Range(0, count).Select(_ => new int[length])];
}
