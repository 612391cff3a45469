using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO.Compression;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace LeakyService;

/// <summary>The latest page of each product, compressed, in native memory.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed unsafe class PageCache : IDisposable
{
    private const int Quality = 1, Window = 18;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Page> _pages = [];

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _pages.Count;
            }
        }
    }

    /// <summary>Gets the size of all pages, in bytes.</summary>
    internal long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _pages.Values.Sum(page => (long)page.Length);
            }
        }
    }

    /// <summary>Copies a page to a response, unless it is missing or has other prices.</summary>
    internal bool TryCopyTo(int id, int prices, IBufferWriter<byte> response)
    {
        lock (_lock)
        {
            bool found = _pages.TryGetValue(id, out Page page) && page.Prices == prices;
            if (found)
            {
                response.Write(new ReadOnlySpan<byte>((void*)page.Block, page.Length));
            }

            return found;
        }
    }

    /// <summary>Compresses a page, stores it, and copies it to a response.</summary>
    internal void Store(int id, int prices, string html, IBufferWriter<byte> response)
    {
        byte[] text = Encoding.UTF8.GetBytes(html);
        byte[] compressed = new byte[BrotliEncoder.GetMaxCompressedLength(text.Length)];
        if (!BrotliEncoder.TryCompress(text, compressed, out int length, Quality, Window))
        {
            throw new InvalidOperationException($"The page of product {id} could not be compressed.");
        }

        void* block = NativeMemory.Alloc((nuint)length);
        compressed.AsSpan(0, length).CopyTo(new Span<byte>(block, length));
        lock (_lock)
        {
            // The leak: the previous page of the product is not freed.
            _pages[id] = new Page(prices, (nint)block, length);
        }

        response.Write(compressed.AsSpan(0, length));
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (Page page in _pages.Values)
            {
                NativeMemory.Free((void*)page.Block);
            }

            _pages.Clear();
        }
    }

    private readonly record struct Page(int Prices, nint Block, int Length);
}
