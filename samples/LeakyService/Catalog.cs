using System;
using System.Globalization;
using System.Text;
using System.Threading;

namespace LeakyService;

/// <summary>The products of the shop, and their prices, which change all the time.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Catalog
{
    internal const int Products = 200;

    // The compressed page of a product then has 18 KiB.
    private const int Offers = 1200;

    private readonly int[] _prices = new int[Products];

    /// <summary>Gets a number that changes with the prices of a product.</summary>
    internal int PricesOf(int id) => Volatile.Read(ref _prices[id]);

    internal void ChangePrices(int id) => Interlocked.Increment(ref _prices[id]);

    /// <summary>Renders the page of a product.</summary>
    internal static string Render(int id, int prices)
    {
        var random = new Random((id * 1_000_003) + prices);
        var page = new StringBuilder($"<!doctype html><title>Product {id}</title><h1>Product {id}</h1><ul>");
        for (int offer = 0; offer < Offers; offer++)
        {
            double price = random.Next(100, 100_000) / 100.0;
            _ = page.Append(CultureInfo.InvariantCulture,
                $"<li>{price:F2} EUR, seller {random.NextInt64():x16}, {random.Next(1, 30)} days</li>");
        }

        return page.Append("</ul>").ToString();
    }
}
