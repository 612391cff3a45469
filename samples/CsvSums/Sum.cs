namespace CsvSums;

/// <summary>The sum of the values of a station, in tenths.</summary>
internal record struct Sum(long Tenths, int Count)
{
    internal void Add(int tenths)
    {
        Tenths += tenths;
        Count++;
    }
}
