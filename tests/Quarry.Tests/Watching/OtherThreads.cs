using System;
using System.Threading;

namespace Quarry.Tests.Watching;

/// <summary>Runs something on threads that are not the test's; what it throws fails the test.</summary>
internal static class OtherThreads
{
    internal const int Count = 4;

    /// <summary>On one thread, which has ended when this returns.</summary>
    internal static void Alone(Action action) => Start(1, _ => action());

    /// <summary>On several threads at once, each with its number.</summary>
    internal static void Together(Action<int> action) => Start(Count, action);

    private static void Start(int count, Action<int> action)
    {
        Exception? failure = null;
        Thread[] threads = new Thread[count];
        for (int index = 0; index < count; index++)
        {
            int number = index;
            threads[index] = new Thread(() =>
            {
                try
                {
                    action(number);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            });
        }

        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (failure != null)
        {
            throw new InvalidOperationException("On another thread: " + failure.Message, failure);
        }
    }
}
