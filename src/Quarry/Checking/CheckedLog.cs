using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Quarry;

/// <summary>What a checked allocator found, kept for who asks.</summary>
internal sealed unsafe class CheckedLog
{
    private readonly Lock _lock = new();
    private readonly List<ViolationReport> _reports = [];
    private readonly CheckedOptions _user;
    private int _thrown;

    private CheckedLog(CheckedOptions user) => _user = user;

    /// <summary>Called at once, on the thread that met the violation.</summary>
    internal event Action<ViolationReport>? Found;

    /// <summary>All reports so far.</summary>
    internal IReadOnlyList<ViolationReport> Reports
    {
        get
        {
            lock (_lock)
            {
                return [.. _reports];
            }
        }
    }

    /// <summary>Puts a log between an allocator and the handler that its options name.</summary>
    internal static void Attach(CheckedState* state)
    {
        CheckedLog log = new(state->Options);
        void* handle = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(log));
        state->Options.OnViolation = new ViolationHook(&Receive, handle);
    }

    internal static CheckedLog Of(CheckedState* state) => (CheckedLog)Handle(state).Target!;

    /// <summary>Ends the log of an allocator that ended.</summary>
    internal static void Detach(CheckedState* state) => Handle(state).Free();

    /// <summary>The reports that no exception has told of yet.</summary>
    internal IReadOnlyList<ViolationReport> TakeUnthrown()
    {
        lock (_lock)
        {
            List<ViolationReport> reports = _reports[_thrown..];
            _thrown = _reports.Count;
            return reports;
        }
    }

    private static GCHandle Handle(CheckedState* state) =>
        GCHandle.FromIntPtr((nint)state->Options.OnViolation.Context);

    private static void Receive(void* handle, CheckedViolation* violation) =>
        ((CheckedLog)GCHandle.FromIntPtr((nint)handle).Target!).Receive(violation);

    private void Receive(CheckedViolation* violation)
    {
        ViolationReport report = new(*violation);
        lock (_lock)
        {
            _reports.Add(report);
        }

        _user.OnViolation.Invoke(violation);
        Found?.Invoke(report);
        if (_user.Response == ViolationResponse.Abort)
        {
            Environment.FailFast(report.ToString());
        }
    }
}
