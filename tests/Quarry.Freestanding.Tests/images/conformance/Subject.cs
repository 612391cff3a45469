namespace Quarry.Freestanding.Tests;

/// <summary>The allocators that the image has; compiled into the tests as well.</summary>
internal enum Subject
{
    Bump,
    SharedBump,
    FixedBuffer,
    Counting,
}
