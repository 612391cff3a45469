using System;
using System.Reflection;
using Quarry;
using Quarry.GlobalProgram;

[assembly: GlobalAllocator<Plain>]

// Each argument is a step; what it prints is what the test looks at.
foreach (string step in args)
{
    try
    {
        Console.WriteLine(Take(step));
    }
    catch (Exception error) when (error is InvalidOperationException or OutOfMemoryException)
    {
        Console.WriteLine($"{error.GetType().Name}: {error.Message}");
    }
}

static unsafe string Take(string step)
{
    Global global = default;
    Layout large = Layout.Create(5000, 64);
    switch (step)
    {
        case "no-attribute":
            Assembly.SetEntryAssembly(typeof(object).Assembly);
            return "no attribute";
        case "use":
            Global.Use(new Plain());
            return "used";
        case "who":
            return Global.AllocatorType.ToString();
        case "fail-fast":
            Global.OnExhausted = Global.FailFast;
            return Found(global.Allocate(large));
        case "raise":
            int calls = 0;
            Global.OnExhausted = layout =>
            {
                calls++;
                Plain.Budget += 2000;
                // A request of the handler's own fails at once.
                return global.Allocate(Layout.Create(2 * layout.Size, 1)) == null;
            };
            void* block = global.Allocate(large);
            string answer = $"{Found(block)} after {calls} calls";
            global.Deallocate(block, large);
            return answer;
        default:
            throw new ArgumentException(step);
    }
}

static unsafe string Found(void* block) => block == null ? "null" : "a block";
