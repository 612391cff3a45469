using System;
using System.Text;
using BenchmarkDotNet.Attributes;

namespace Quarry.Microbench.Text;

/// <summary>Appends numbers, text and interpolated text.</summary>
public class TextBenchmarks
{
    private const int Appends = 1000;

    private static readonly Heap s_heap = new();

    public enum Piece
    {
        Number,
        Text,
        Interpolated,
    }

    [ParamsAllValues]
    public Piece What { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Appends)]
    public int OfStringBuilder()
    {
        StringBuilder text = new();
        for (int append = 0; append < Appends; append++)
        {
            _ = What switch
            {
                Piece.Number => text.Append(append),
                Piece.Text => text.Append("hello world, this"),
                _ => text.Append($"a {append} b {append}"),
            };
        }

        return text.Length;
    }

    [Benchmark(OperationsPerInvoke = Appends)]
    public int OfNativeUtf8String()
    {
        using NativeUtf8String<Heap> text = new(s_heap);
        for (int append = 0; append < Appends; append++)
        {
            switch (What)
            {
                case Piece.Number:
                    text.Append(append);
                    break;
                case Piece.Text:
                    text.Append("hello world, this".AsSpan());
                    break;
                default:
                    text.Append($"a {append} b {append}");
                    break;
            }
        }

        return text.Length;
    }
}
