using System;
using System.Runtime.InteropServices;

namespace Quarry;

/// <summary>Lets a hook call a delegate, which its context keeps alive.</summary>
internal static unsafe class DelegateHook
{
    internal static HookedState Create(Func<Layout, FailureResponse> function)
    {
        nint handle = GCHandle.ToIntPtr(GCHandle.Alloc(function));
        return new HookedState { Hook = new FailureHook(&Call, (void*)handle), Delegate = handle };
    }

    internal static void Release(HookedState state)
    {
        if (state.Delegate != 0)
        {
            GCHandle.FromIntPtr(state.Delegate).Free();
        }
    }

    private static FailureResponse Call(void* context, Layout layout) =>
        ((Func<Layout, FailureResponse>)GCHandle.FromIntPtr((nint)context).Target!)(layout);
}
