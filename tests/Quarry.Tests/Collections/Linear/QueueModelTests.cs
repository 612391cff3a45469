using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>The queue against the runtime's, by random sequences of operations.</summary>
public sealed class QueueModelTests
{
    [Fact]
    public void A_queue_does_what_its_twin_does() =>
        Twins.Check(12, (steps, allocator) => allocator.Run(new Sequence(steps)));

    private sealed class Sequence(Twins.Step[] steps) : IAllocatorCase.ITest
    {
        public bool Holds<TAllocator>(TAllocator allocator, Action<int> failAfter)
            where TAllocator : unmanaged, IAllocator
        {
            var twin = new Queue<int>();
            using var queue = new NativeQueue<int, TAllocator>(allocator);
            return Array.TrueForAll(steps, step =>
            {
                if (step.Action == 11)
                {
                    failAfter(step.Number < 3 ? Math.Max(step.Number, 0) : int.MaxValue);
                    return true;
                }

                return Apply(step, queue, twin)
                    && queue.Count == twin.Count && queue.SequenceEqual(twin)
                    && queue.ToArray().AsSpan().SequenceEqual(twin.ToArray())
                    && queue.Capacity >= queue.Count;
            });
        }

        private static bool Apply<TAllocator>(
            Twins.Step step, NativeQueue<int, TAllocator> queue, Queue<int> twin)
            where TAllocator : unmanaged, IAllocator
        {
            (int action, int place, int number) = step;
            return action switch
            {
                // Several at once, so that the ring fills and goes around its end.
                0 or 1 => Enumerable.Range(0, Math.Max(number, 1)).All(_ => Twins.Agree(
                    () => Done(() => queue.Enqueue(place)), () => Done(() => twin.Enqueue(place)))),
                2 => Twins.Agree(() => queue.Dequeue(), () => twin.Dequeue()),
                3 or 4 => Enumerable.Range(0, Math.Max(number, 1)).All(_ => Twins.Agree(
                    () => (queue.TryDequeue(out int item), item),
                    () => (twin.TryDequeue(out int item), item))),
                5 => Twins.Agree(() => queue.Peek(), () => twin.Peek()),
                6 => Twins.Agree(
                    () => (queue.TryPeek(out int item), item), () => (twin.TryPeek(out int item), item)),
                7 => Twins.Agree(() => queue.Contains(number), () => twin.Contains(number)),
                8 => Twins.Agree(() => Done(queue.Clear), () => Done(twin.Clear)),
                9 => Twins.Agree(
                    () => queue.EnsureCapacity(place) >= place, () => twin.EnsureCapacity(place) >= place),
                _ => Twins.Agree(() => Done(queue.TrimExcess), () => Done(twin.TrimExcess)),
            };
        }

        private static bool Done(Action act)
        {
            act();
            return true;
        }
    }
}
