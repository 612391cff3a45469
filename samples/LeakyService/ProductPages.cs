using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace LeakyService;

/// <summary>Answers the requests for pages of products.</summary>
internal sealed class ProductPages(Catalog catalog, PageCache cache)
{
    internal Task ShowAsync(int id, HttpResponse response)
    {
        int prices = catalog.PricesOf(id);
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentEncoding = "br";
        if (!cache.TryCopyTo(id, prices, response.BodyWriter))
        {
            cache.Store(id, prices, Catalog.Render(id, prices), response.BodyWriter);
        }

        return response.BodyWriter.FlushAsync().AsTask();
    }
}
