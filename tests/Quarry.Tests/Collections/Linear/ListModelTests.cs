using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Xunit;

namespace Quarry.Tests.Collections;

/// <summary>The list against the runtime's, by random sequences of operations.</summary>
public sealed class ListModelTests
{
    [Fact]
    public void A_list_does_what_its_twin_does() =>
        Twins.Check(26, (steps, allocator) => allocator.Run(new Sequence(steps)));

    private sealed class Sequence(Twins.Step[] steps) : IAllocatorCase.ITest
    {
        public bool Holds<TAllocator>(TAllocator allocator, Action<int> failAfter)
            where TAllocator : unmanaged, IAllocator
        {
            var twin = new List<int>();
            using var list = new NativeList<int, TAllocator>(allocator);
            return Array.TrueForAll(steps, step =>
            {
                if (step.Action == 25)
                {
                    failAfter(step.Number < 3 ? Math.Max(step.Number, 0) : int.MaxValue);
                    return true;
                }

                return Apply(step, list, twin)
                    && list.Count == twin.Count && list.AsSpan().SequenceEqual(CollectionsMarshal.AsSpan(twin))
                    && list.Capacity >= list.Count;
            });
        }

        private static bool Apply<TAllocator>(
            Twins.Step step, NativeList<int, TAllocator> list, List<int> twin)
            where TAllocator : unmanaged, IAllocator
        {
            (int action, int place, int number) = step;
            int[] items = Twins.Items(number);
            int start = Math.Clamp(place, 0, twin.Count);
            int length = Math.Clamp(number, 0, twin.Count - start);
            return action switch
            {
                0 => Twins.Agree(() => Done(() => list.Add(number)), () => Done(() => twin.Add(number))),
                1 => Twins.Agree(
                    () => Done(() => list.AddRange(items)), () => Done(() => twin.AddRange(items))),
                2 => Twins.Agree(
                    () => Done(() => list.Insert(place, number)), () => Done(() => twin.Insert(place, number))),
                3 => Twins.Agree(
                    () => Done(() => list.InsertRange(place, items)),
                    () => Done(() => twin.InsertRange(place, items))),
                4 => Twins.Agree(
                    () => Done(() => list.RemoveAt(place)), () => Done(() => twin.RemoveAt(place))),
                5 => Twins.Agree(
                    () => Done(() => list.RemoveRange(place, number)),
                    () => Done(() => twin.RemoveRange(place, number))),
                6 => Twins.Agree(() => list.Remove(number), () => twin.Remove(number)),
                7 => Twins.Agree(
                    () => (int)list.RemoveAll(item => item % 3 == number % 3),
                    () => twin.RemoveAll(item => item % 3 == number % 3)),
                8 => Twins.Agree(() => list.Contains(number), () => twin.Contains(number)),
                9 => Twins.Agree(() => list.IndexOf(number), () => twin.IndexOf(number)),
                10 => Twins.Agree(() => list.LastIndexOf(number), () => twin.LastIndexOf(number)),
                11 => Twins.Agree(() => Done(list.Sort), () => Done(twin.Sort)),
                12 => Twins.Agree(
                    () => Done(() => list.Sort(default(ByLastDigit))),
                    () => Done(() => twin.Sort(default(ByLastDigit)))),
                13 => Twins.Agree(
                    () => Done(() => list.Sort((x, y) => y.CompareTo(x))),
                    () => Done(() => twin.Sort((x, y) => y.CompareTo(x)))),
                14 => Twins.Agree(() => Done(list.Reverse), () => Done(twin.Reverse)),
                15 => Twins.Agree(() => list.BinarySearch(number), () => twin.BinarySearch(number)),
                16 => Twins.Agree(
                    () => list.BinarySearch(number, default(ByLastDigit)),
                    () => twin.BinarySearch(number, default(ByLastDigit))),
                17 => Twins.Agree(() => Done(list.Clear), () => Done(twin.Clear)),
                18 => Twins.Agree(
                    () => list.EnsureCapacity(place) >= place, () => twin.EnsureCapacity(place) >= place),
                19 => Twins.Agree(() => Done(list.TrimExcess), () => Done(twin.TrimExcess)),
                20 => Twins.Agree(
                    () => Done(() => list.Capacity = place), () => Done(() => twin.Capacity = place)),
                21 => Twins.Agree(() => list[place]++, () => twin[place]++),
                22 => Twins.Agree(
                    () => Done(() => list.CopyTo(items)), () => Done(() => twin.CopyTo(items.AsSpan()))),
                23 => Twins.Agree(
                    () => Done(() => list.InsertRange(start / 2, list.AsSpan(start, length))),
                    () => Done(() => twin.InsertRange(start / 2, twin.GetRange(start, length)))),
                _ => Twins.Agree(
                    () => (list.TryPeek(out int item), item, list.TryPop(out item), item),
                    () => (twin.Count > 0, twin.LastOrDefault(), Pop(twin, out int item), item)),
            };
        }

        private static bool Pop(List<int> twin, out int item)
        {
            item = twin.LastOrDefault();
            return twin.Count > 0 && Done(() => twin.RemoveAt(twin.Count - 1));
        }

        private static bool Done(Action act)
        {
            act();
            return true;
        }
    }
}
