// A test for leaks: the same code twice, once with a mistake, and the report that names it.
//
//     dotnet run --project samples/LeakTest

using System;
using LeakTest;
using Quarry;
using Quarry.Testing;

using Counting<SystemHeap> counted = new(default);
MemorySource source = MemorySource.Of(counted);
AllocationAssert.NothingLeaks(() => Use(frees: true), source);
Console.WriteLine("With Dispose, nothing leaks.");
try
{
    AllocationAssert.NothingLeaks(() => Use(frees: false), source);
}
catch (AllocationAssertionException failure)
{
    Console.WriteLine("Without it:");
    Console.WriteLine(failure.Message);
    Console.WriteLine($"The report names the method: {failure.Message.Contains("Sessions")}");
}

void Use(bool frees)
{
    using Sessions<Counting<SystemHeap>> sessions = new(counted, frees);
    for (int user = 0; user < 10; user++)
    {
        sessions.Begin(user % 5);
    }
}
