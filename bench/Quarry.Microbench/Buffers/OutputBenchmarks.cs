using System.Buffers;
using System.IO;
using BenchmarkDotNet.Attributes;
using CommunityToolkit.HighPerformance.Buffers;
using Microsoft.IO;

namespace Quarry.Microbench.Buffers;

/// <summary>Writes a megabyte in pieces of 100 bytes, to memory whose size is not known before.</summary>
public class OutputBenchmarks
{
    private const int Pieces = 10_000;

    private static readonly byte[] s_piece = new byte[100];
    private static readonly Heap s_heap = new();
    private static readonly RecyclableMemoryStreamManager s_streams = new();

    [Benchmark(Baseline = true, OperationsPerInvoke = Pieces)]
    public long MemoryStream()
    {
        using MemoryStream stream = new();
        return Write(stream);
    }

    [Benchmark(OperationsPerInvoke = Pieces)]
    public long RecyclableMemoryStream()
    {
        using RecyclableMemoryStream stream = s_streams.GetStream();
        return Write(stream);
    }

    [Benchmark(OperationsPerInvoke = Pieces)]
    public long ListAsStream()
    {
        using NativeList<byte, Heap> list = new(s_heap);
        using Stream stream = list.AsStream();
        return Write(stream);
    }

    [Benchmark(OperationsPerInvoke = Pieces)]
    public long ArrayBufferWriter()
    {
        ArrayBufferWriter<byte> writer = new();
        Fill(writer);
        return writer.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Pieces)]
    public long ToolkitArrayPoolBufferWriter()
    {
        using ArrayPoolBufferWriter<byte> writer = new();
        Fill(writer);
        return writer.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Pieces)]
    public long NativeBufferWriter()
    {
        using NativeBufferWriter<byte, Heap> writer = new(s_heap);
        Fill(writer);
        return writer.WrittenCount;
    }

    private static long Write(Stream stream)
    {
        for (int piece = 0; piece < Pieces; piece++)
        {
            stream.Write(s_piece);
        }

        return stream.Length;
    }

    private static void Fill(IBufferWriter<byte> writer)
    {
        for (int piece = 0; piece < Pieces; piece++)
        {
            writer.Write(s_piece);
        }
    }
}
