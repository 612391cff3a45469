using System.Runtime.CompilerServices;

namespace Quarry.Gc;

/// <summary>
/// The methods of <c>IGCHandleManager</c> and <c>IGCHandleStore</c>, which the runtime calls for handles.
/// </summary>
/// <remarks>
/// The runtime requests separate stores for code that can be unloaded. Nothing is unloaded, so all requests
/// return the same store.
/// </remarks>
internal static unsafe class HandleManager
{
    private const byte No = 0, Yes = 1;

    private static InterfaceObject<HandleManagerTable> s_manager;
    private static InterfaceObject<HandleStoreTable> s_store;

    /// <summary>Creates the objects that the runtime calls.</summary>
    internal static void* Create()
    {
        FillStore();
        var instance = (InterfaceObject<HandleManagerTable>*)Unsafe.AsPointer(ref s_manager);
        HandleManagerTable* table = InterfaceObject<HandleManagerTable>.Initialize(instance);
        table->Initialize = &Initialize;
        table->GetGlobalHandleStore = &GetStore;
        table->CreateHandleStore = &GetStore;
        table->CreateGlobalHandleOfType = &CreateOfType;
        table->CreateDuplicateHandle = &Duplicate;
        table->DestroyHandleOfType = &DestroyOfType;
        table->DestroyHandleOfUnknownType = &Destroy;
        table->SetExtraInfoForHandle = &SetExtra;
        table->GetExtraInfoFromHandle = &GetExtra;
        table->StoreObjectInHandle = &StoreObject;
        table->StoreObjectInHandleIfNull = &StoreObjectIfNull;
        table->SetDependentHandleSecondary = &SetSecondary;
        table->GetDependentHandleSecondary = &GetExtra;
        table->InterlockedCompareExchangeObjectInHandle = &CompareExchange;
        table->HandleFetchType = &GetHandleType;
        return instance;
    }

    private static void FillStore()
    {
        var instance = (InterfaceObject<HandleStoreTable>*)Unsafe.AsPointer(ref s_store);
        HandleStoreTable* table = InterfaceObject<HandleStoreTable>.Initialize(instance);
        table->ContainsHandle = &ContainsHandle;
        table->CreateHandleOfType = &CreateOfType;
        table->CreateHandleOfTypeOnHeap = &CreateOfTypeOnHeap;
        table->CreateHandleWithExtraInfo = &CreateWithExtra;
        table->CreateDependentHandle = &CreateDependent;
    }

    private static byte Initialize(void* self) => Yes;

    private static byte ContainsHandle(void* self, HandleCell* cell) => Yes;

    private static void* GetStore(void* self) => Unsafe.AsPointer(ref s_store);

    private static HandleCell* CreateOfType(void* self, ManagedObject* target, int type) =>
        HandleTable.Create(target, type);

    private static HandleCell* CreateOfTypeOnHeap(void* self, ManagedObject* target, int type, int heap) =>
        HandleTable.Create(target, type);

    private static HandleCell* CreateWithExtra(void* self, ManagedObject* target, int type, void* extra) =>
        HandleTable.Create(target, type, extra);

    private static HandleCell* CreateDependent(
        void* self, ManagedObject* primary, ManagedObject* secondary) =>
        HandleTable.Create(primary, HandleType.Dependent, secondary);

    private static HandleCell* Duplicate(void* self, HandleCell* cell) => HandleTable.Create(
        (ManagedObject*)Atomic.Read(ref cell->Object),
        (nint)HandleCell.TypeOf(cell),
        (void*)Atomic.Read(ref HandleCell.ExtraOf(cell)));

    private static void DestroyOfType(void* self, HandleCell* cell, int type) => HandleTable.Destroy(cell);

    private static void Destroy(void* self, HandleCell* cell) => HandleTable.Destroy(cell);

    // Threads, including compiled code, access handles without a lock. Each access is therefore atomic, and a
    // store publishes the object that it refers to.
    private static void SetExtra(void* self, HandleCell* cell, int type, void* extra) =>
        Atomic.Write(ref HandleCell.ExtraOf(cell), (nuint)extra);

    private static nuint GetExtra(void* self, HandleCell* cell) => Atomic.Read(ref HandleCell.ExtraOf(cell));

    private static void StoreObject(void* self, HandleCell* cell, ManagedObject* target) =>
        HandleTable.Store(cell, target);

    private static byte StoreObjectIfNull(void* self, HandleCell* cell, ManagedObject* target) =>
        HandleTable.TryReplace(cell, 0, target) ? Yes : No;

    private static void SetSecondary(void* self, HandleCell* cell, ManagedObject* secondary) =>
        HandleTable.StoreSecondary(cell, secondary);

    /// <returns>The previous object in the handle.</returns>
    private static nuint CompareExchange(
        void* self, HandleCell* cell, ManagedObject* target, ManagedObject* expected)
    {
        for (; ; )
        {
            nuint seen = Atomic.Read(ref cell->Object);
            if (seen != (nuint)expected || HandleTable.TryReplace(cell, seen, target))
            {
                return seen;
            }
        }
    }

    private static int GetHandleType(void* self, HandleCell* cell) => (int)HandleCell.TypeOf(cell);
}
