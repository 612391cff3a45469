using System;
using System.Collections.Generic;

namespace Quarry.Core.Tests.MemoryOrder;

/// <summary>Explores all executions of a few threads on a memory with weak order.</summary>
/// <remarks>
/// <para>
/// A load may return any store to the word that is not older than one the thread has seen, so loads are
/// reordered with loads and with earlier stores, and stores with stores. An acquiring load sees what the
/// thread that released the value had seen. A read-modify-write reads the newest value; with
/// <see cref="Order.Full"/> there is a fence on both sides: of two threads with fences, one sees what the
/// other had seen. (The views of Kang et al.: A Promising Semantics for Relaxed-Memory Concurrency, 2017.)
/// </para>
/// <para>
/// Arm64 orders more than this: dependent loads, and an acquiring load behind a releasing store. It also
/// performs plain stores before earlier plain loads of other words, which this model does not; all stores of
/// the heap that other threads rely on release, or are read-modify-writes.
/// </para>
/// </remarks>
/// <param name="initial">The first value of each word.</param>
/// <param name="threads">The threads.</param>
internal sealed class WeakMemoryModel(int[] initial, params ModelThread[] threads)
{
    private readonly HashSet<string> _visited = [];
    private readonly Stack<ModelState> _open = [];
    private bool _failed;

    /// <summary>Gets the number of different states of the last exploration.</summary>
    public int States => _visited.Count;

    /// <summary>
    /// Determines whether all checks hold in all executions, and a condition when all threads have ended.
    /// </summary>
    public bool Holds(Func<ModelState, bool> atEnd)
    {
        Visit(new ModelState(initial, threads.Length));
        while (_open.TryPop(out ModelState? state) && !_failed)
        {
            bool ended = true;
            for (int thread = 0; thread < threads.Length; thread++)
            {
                if (state.Position[thread] < threads[thread].Code.Count)
                {
                    ended = false;
                    Step(state, thread);
                }
            }

            _failed |= ended && !atEnd(state);
        }

        return !_failed;
    }

    // Jumps, checks and registers concern one thread, so they are no steps of their own.
    private void Visit(ModelState state)
    {
        for (int thread = 0; thread < threads.Length; thread++)
        {
            RunLocally(state, thread);
        }

        if (_visited.Add(state.Key()))
        {
            _open.Push(state);
        }
    }

    private void RunLocally(ModelState state, int thread)
    {
        List<Instruction> code = threads[thread].Code;
        int[] registers = state.Registers[thread];
        while (state.Position[thread] < code.Count && code[state.Position[thread]].Word == null)
        {
            Instruction local = code[state.Position[thread]++];
            if (local.Value != null)
            {
                registers[local.Register] = local.Value(registers);
            }
            else if (local.Label == null)
            {
                _failed |= !local.Condition!(registers);
            }
            else if (local.Condition!(registers))
            {
                state.Position[thread] = threads[thread].PositionOf(local.Label);
            }
        }
    }

    private void Step(ModelState state, int thread)
    {
        Instruction access = threads[thread].Code[state.Position[thread]];
        int word = access.Word!(state.Registers[thread]);
        int newest = state.History[word].Count - 1;
        bool isLoad = access.Value == null && access.Change == null;
        for (int read = isLoad ? state.Seen[thread][word] : newest; read <= newest; read++)
        {
            ModelState next = state.Copy();
            next.Position[thread]++;
            if (access.Value != null)
            {
                int value = access.Value(state.Registers[thread]);
                Store(next, thread, word, value, access.Order, new int[initial.Length]);
            }
            else if (access.Change != null)
            {
                Modify(next, thread, word, access);
            }
            else
            {
                Load(next, thread, word, read, access);
            }

            Visit(next);
        }
    }

    private void Load(ModelState state, int thread, int word, int read, Instruction access)
    {
        StoredValue value = state.History[word][read];
        state.Registers[thread][access.Register] = value.Value;
        state.Seen[thread] = View.Join(state.Seen[thread], View.Only(initial.Length, word, read));
        state.Pending[thread] = View.Join(state.Pending[thread], value.View);
        if (access.Order is Order.Acquire or Order.AcquireRelease or Order.Full)
        {
            state.Seen[thread] = View.Join(state.Seen[thread], value.View);
        }
    }

    private static void Store(ModelState state, int thread, int word, int value, Order order, int[] read)
    {
        int[] own = View.Only(state.Fenced.Length, word, state.History[word].Count);
        state.Seen[thread] = View.Join(state.Seen[thread], own);
        int[] published = order is Order.Release or Order.AcquireRelease or Order.Full
            ? state.Seen[thread]
            : View.Join(state.Released[thread], own);
        state.History[word].Add(new StoredValue(value, View.Join(published, read)));
    }

    private void Modify(ModelState state, int thread, int word, Instruction access)
    {
        if (access.Order == Order.Full)
        {
            Fence(state, thread);
        }

        int newest = state.History[word].Count - 1;
        Load(state, thread, word, newest, access);
        int? changed = access.Change!(state[word], state.Registers[thread]);
        if (changed != null)
        {
            // What was published with the value that is replaced stays published with the new one.
            int[] read = state.History[word][newest].View;
            Store(state, thread, word, changed.Value, access.Order, read);
        }

        if (access.Order == Order.Full)
        {
            Fence(state, thread);
        }
    }

    private static void Fence(ModelState state, int thread)
    {
        int[] seen = View.Join(View.Join(state.Seen[thread], state.Pending[thread]), state.Fenced);
        state.Seen[thread] = seen;
        state.Released[thread] = seen;
        state.Fenced = seen;
    }
}
