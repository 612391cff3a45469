using System;

namespace Quarry.Gc;

/// <summary>
/// Verifies the heap after a collection, if <c>DOTNET_QuarryGCVerify</c> requests it, and terminates the
/// process if it is damaged.
/// </summary>
/// <remarks>
/// The heap must be a sequence of marked objects and free objects, every reference in an object, a handle or
/// a finalizer queue must refer to a marked object or outside the heap, and no card may be set. Takes longer
/// than the collection.
/// </remarks>
internal static unsafe class HeapVerifier
{
    private static KnownTypes s_types;

    /// <summary>Verifies the heap at the end of a collection, before threads resume.</summary>
    internal static void Verify()
    {
        s_types = default;
        if (LazySweep.IsPending)
        {
            VerifyMarked();
        }
        else
        {
            VerifyObjects();
        }

        VerifyHandles handles = default;
        HandleTable.Visit(ref handles);
        Require(FinalizerQueue.AreAllLive(), "a registered object is dead"u8, null);
        VerifyCards();
    }

    private static void VerifyObjects()
    {
        byte* start = ManagedHeap.Start;
        byte* end = start + ManagedHeap.UsedBytes + sizeof(nuint);
        nuint bytes = 0;
        nuint holes = 0;
        nuint size;
        for (byte* place = ManagedHeap.FirstObject; place < end; place += size)
        {
            ManagedObject* instance = (ManagedObject*)place;
            MethodTable* type = ManagedObject.TypeOf(instance);
            Require(s_types.IsValid(type), "there is no valid object"u8, place);
            size = ManagedObject.SizeOf(instance, type);
            Require(size >= ManagedObject.MinSize && size <= (nuint)(end - place), "invalid size"u8, place);
            nuint offset = (nuint)(place - start);
            bool marked = MarkBits.IsSet(offset);
            Require(marked != FreeObject.IsType(type), "an object is dead, or a hole is marked"u8, place);
            Require(MarkBits.First(offset + 8, offset + size) == MarkBits.None,
                "the interior of an object is marked"u8, place);
            if (marked)
            {
                bytes += size;
                VerifyReferences(instance, type, size);
            }
            else
            {
                holes += size >= FreeSpace.MinHole ? size : 0;
            }
        }

        VerifySize(bytes);
        Require(holes == FreeSpace.Bytes, "holes are missing or in two lists"u8, null);
        FreeSpace.Verify();
    }

    /// <summary>Verifies the live objects of a heap that is not swept yet.</summary>
    private static void VerifyMarked()
    {
        nuint used = ManagedHeap.UsedBytes + (nuint)sizeof(nuint);
        nuint bytes = 0;
        nuint next = (nuint)(ManagedHeap.FirstObject - ManagedHeap.Start);
        for (MarkedObjects marked = new(next, used); marked.TryNext(out nuint offset);)
        {
            byte* place = ManagedHeap.Start + offset;
            ManagedObject* instance = (ManagedObject*)place;
            MethodTable* type = ManagedObject.TypeOf(instance);
            Require(offset >= next, "the interior of an object is marked"u8, place);
            Require(s_types.IsValid(type) && !FreeObject.IsType(type), "there is no valid object"u8, place);
            nuint size = ManagedObject.SizeOf(instance, type);
            Require(size >= ManagedObject.MinSize && size <= used - offset, "invalid size"u8, place);
            VerifyReferences(instance, type, size);
            bytes += size;
            next = offset + size;
        }

        VerifySize(bytes);
    }

    private static void VerifySize(nuint live)
    {
        Require(live == CollectedHeap.LiveBytes, "the size of live objects is wrong"u8, null);
        bool young = Collector.Condemned < GcHeap.OldestGeneration;
        Require(!Marker.IsCountExact || young || live == Marker.CountedBytes,
            "the number of marked bytes is wrong"u8, null);
    }

    private static void VerifyReferences(ManagedObject* instance, MethodTable* type, nuint size)
    {
        if (MethodTable.IsCollectible(type))
        {
            Require(Marker.IsLive(Runtime.LoaderAllocatorOf(instance)), "a type is unloaded"u8,
                (byte*)instance);
        }

        if (MethodTable.ContainsReferences(type))
        {
            VerifyFields fields = default;
            ObjectReferences.Visit(instance, type, size, ref fields);
        }
    }

    private static void VerifyCards()
    {
        nuint bundles = (ManagedHeap.UsedBytes >> HeapPageSource.BundleShift) + 1;
        for (nuint bundle = 0; bundle < bundles; bundle++)
        {
            Require(Cards.IsClear(HeapPageSource.Bundles[bundle]), "a card bundle is set"u8, null);
        }

        nuint cards = (ManagedHeap.UsedBytes >> HeapPageSource.CardShift) + 1;
        for (nuint card = 0; card < cards; card++)
        {
            Require(Cards.IsClear(HeapPageSource.Cards[card]), "a card is set"u8, null);
        }
    }

    internal static void Require(bool holds, ReadOnlySpan<byte> violation, byte* address)
    {
        if (holds)
        {
            return;
        }

        TextBuffer text = new(stackalloc byte[512]);
        text.Append("quarry: the managed heap is damaged after collection "u8);
        text.Append(CollectionCounts.Read(generation: 0));
        text.Append(" of generation "u8);
        text.Append((nuint)Collector.Condemned);
        text.Append(": "u8);
        text.Append(violation);
        text.Append(", at 0x"u8);
        text.AppendHex((nuint)address);
        text.Append((byte)'\n');
        StandardError.Write(ref text);
        Runtime.FailFast();
        Os.Abort();
    }

    private struct VerifyFields : IReferenceVisitor
    {
        public readonly bool Visit(ManagedObject** field)
        {
            Require(Marker.IsLive(*field), "an object refers to a dead one"u8, (byte*)field);
            return true;
        }
    }

    private struct VerifyHandles : IHandleVisitor
    {
        public readonly void Visit(HandleCell* cell)
        {
            ManagedObject* instance = (ManagedObject*)Atomic.Read(ref cell->Object);
            Require(instance == null || Marker.IsLive(instance), "a handle refers to a dead object"u8,
                (byte*)cell);
            ManagedObject* secondary = (ManagedObject*)Atomic.Read(ref HandleCell.ExtraOf(cell));
            bool isDependent = HandleCell.TypeOf(cell) == HandleType.Dependent && instance != null;
            Require(!isDependent || Marker.IsLive(secondary),
                "a dependent handle refers to a dead object"u8, (byte*)cell);
        }
    }
}
