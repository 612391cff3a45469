using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>What the runtime calls for handles: <c>IGCHandleManager</c> and <c>IGCHandleStore</c>.</summary>
internal static unsafe class HandleManager
{
    private static InterfaceTable s_manager;
    private static InterfaceTable s_store;

    /// <summary>
    /// Fills both tables. One store serves all: a store of its own is for collectible code.
    /// </summary>
    internal static void* Create()
    {
        fixed (InterfaceTable* manager = &s_manager)
        fixed (InterfaceTable* store = &s_store)
        {
            void** slots = InterfaceTable.Fill(manager);
            slots[0] = (delegate*<void*, nint>)&Answers.One;
            slots[2] = (delegate*<void*, void*>)&Store;
            slots[3] = (delegate*<void*, void*>)&Store;
            slots[5] = (delegate*<void*, void*, int, HandleCell*>)&CreateOfType;
            slots[6] = (delegate*<void*, HandleCell*, HandleCell*>)&Duplicate;
            slots[7] = (delegate*<void*, HandleCell*, void>)&Destroy;
            slots[8] = (delegate*<void*, HandleCell*, void>)&Destroy;
            slots[9] = (delegate*<void*, HandleCell*, int, void*, void>)&SetExtra;
            slots[10] = (delegate*<void*, HandleCell*, nuint>)&GetExtra;
            slots[11] = (delegate*<void*, HandleCell*, void*, void>)&StoreObject;
            slots[12] = (delegate*<void*, HandleCell*, void*, nint>)&StoreObjectIfNull;
            slots[13] = (delegate*<void*, HandleCell*, void*, void>)&SetSecondary;
            slots[14] = (delegate*<void*, HandleCell*, nuint>)&GetExtra;
            slots[15] = (delegate*<void*, HandleCell*, void*, void*, nuint>)&CompareExchange;
            slots[16] = (delegate*<void*, HandleCell*, nuint>)&TypeOf;

            slots = InterfaceTable.Fill(store);
            slots[1] = (delegate*<void*, nint>)&Answers.One;
            slots[2] = (delegate*<void*, void*, int, HandleCell*>)&CreateOfType;
            slots[3] = (delegate*<void*, void*, int, HandleCell*>)&CreateOfType;
            slots[4] = (delegate*<void*, void*, int, void*, HandleCell*>)&CreateWithExtra;
            slots[5] = (delegate*<void*, void*, void*, HandleCell*>)&CreateDependent;
            return manager;
        }
    }

    private static void* Store(void* self) => Unsafe.AsPointer(ref s_store);

    private static HandleCell* CreateOfType(void* self, void* target, int type) =>
        HandleTable.Create(target, type);

    private static HandleCell* CreateWithExtra(void* self, void* target, int type, void* extra) =>
        HandleTable.Create(target, type, extra);

    private static HandleCell* CreateDependent(void* self, void* primary, void* secondary) =>
        HandleTable.Create(primary, HandleType.Dependent, secondary);

    private static HandleCell* Duplicate(void* self, HandleCell* cell) =>
        HandleTable.Create((void*)cell->Object, (nint)cell->Type, (void*)cell->Extra);

    private static void Destroy(void* self, HandleCell* cell) => HandleTable.Destroy(cell);

    private static void SetExtra(void* self, HandleCell* cell, int type, void* extra) =>
        Atomic.Write(ref cell->Extra, (nuint)extra);

    private static nuint GetExtra(void* self, HandleCell* cell) => Atomic.Read(ref cell->Extra);

    private static void StoreObject(void* self, HandleCell* cell, void* target) =>
        Atomic.Write(ref cell->Object, (nuint)target);

    private static nint StoreObjectIfNull(void* self, HandleCell* cell, void* target) =>
        Atomic.TryReplace(ref cell->Object, 0, (nuint)target) ? 1 : 0;

    private static void SetSecondary(void* self, HandleCell* cell, void* secondary) =>
        Atomic.Write(ref cell->Extra, (nuint)secondary);

    /// <returns>What the handle held before.</returns>
    private static nuint CompareExchange(void* self, HandleCell* cell, void* target, void* expected)
    {
        for (; ; )
        {
            nuint seen = Atomic.Read(ref cell->Object);
            if (seen != (nuint)expected || Atomic.TryReplace(ref cell->Object, seen, (nuint)target))
            {
                return seen;
            }
        }
    }

    private static nuint TypeOf(void* self, HandleCell* cell) => cell->Type;
}
