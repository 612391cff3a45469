using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>The priority queue against the runtime's, by random sequences of operations.</summary>
public sealed class PriorityQueueModelTests
{
    [Fact]
    public void A_priority_queue_does_what_its_twin_does() =>
        Twins.Check(15, (steps, allocator) => allocator.Run(new Sequence(steps)));

    private sealed class Sequence(Twins.Step[] steps) : IAllocatorCase.ITest
    {
        public bool Holds<TAllocator>(TAllocator allocator, Action<int> failAfter)
            where TAllocator : unmanaged, IAllocator
        {
            // Priorities that are all different make the order the same in every implementation.
            long order = 0;
            var twin = new PriorityQueue<int, (int, long)>();
            using var queue = new NativePriorityQueue<int, (int, long), TAllocator>(allocator);
            bool good = Array.TrueForAll(steps, step =>
            {
                if (step.Action == 14)
                {
                    failAfter(step.Number < 3 ? Math.Max(step.Number, 0) : int.MaxValue);
                    return true;
                }

                return Apply(step, order += 50, queue, twin)
                    && queue.Count == twin.Count
                    && queue.UnorderedItems.ToArray().Order().SequenceEqual(twin.UnorderedItems.Order())
                    && queue.Capacity >= queue.Count;
            });
            while (good && twin.TryDequeue(out int expected, out (int, long) least))
            {
                good = queue.TryDequeue(out int element, out (int, long) priority)
                    && element == expected && priority == least;
            }

            return good;
        }

        private static bool Apply<TAllocator>(
            Twins.Step step,
            long order,
            NativePriorityQueue<int, (int, long), TAllocator> queue,
            PriorityQueue<int, (int, long)> twin)
            where TAllocator : unmanaged, IAllocator
        {
            (int action, int place, int number) = step;
            (int, long) priority = (number, order);
            var items = Twins.Items(place).Select(item => (item, ((item * 7) % 11, order + item))).ToArray();
            return action switch
            {
                0 or 1 or 2 => Twins.Agree(
                    () => Done(() => queue.Enqueue(place, priority)),
                    () => Done(() => twin.Enqueue(place, priority))),
                3 => Twins.Agree(
                    () => Done(() => queue.EnqueueRange(items)), () => Done(() => twin.EnqueueRange(items))),
                4 => Twins.Agree(() => queue.Dequeue(), () => twin.Dequeue()),
                5 or 6 => Twins.Agree(
                    () => (queue.TryDequeue(out int item, out (int, long) least), item, least),
                    () => (twin.TryDequeue(out int item, out (int, long) least), item, least)),
                7 => Twins.Agree(() => queue.Peek(), () => twin.Peek()),
                8 => Twins.Agree(
                    () => (queue.TryPeek(out int item, out (int, long) least), item, least),
                    () => (twin.TryPeek(out int item, out (int, long) least), item, least)),
                9 => Twins.Agree(
                    () => queue.EnqueueDequeue(place, priority), () => twin.EnqueueDequeue(place, priority)),
                10 => Twins.Agree(
                    () => queue.DequeueEnqueue(place, priority), () => twin.DequeueEnqueue(place, priority)),
                11 => twin.UnorderedItems.Count(item => item.Element == place) > 1 || Twins.Agree(
                    () => (queue.Remove(place, out int item, out (int, long) of), item, of),
                    () => (twin.Remove(place, out int item, out (int, long) of), item, of)),
                12 => Twins.Agree(() => Done(queue.Clear), () => Done(twin.Clear)),
                _ => Twins.Agree(
                    () => queue.EnsureCapacity(place) >= place && Done(queue.TrimExcess),
                    () => twin.EnsureCapacity(place) >= place && Done(twin.TrimExcess)),
            };
        }

        private static bool Done(Action act)
        {
            act();
            return true;
        }
    }
}
