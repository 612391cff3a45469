namespace ArenaParser;

/// <summary>A value of a document. The children of an array or an object are a list.</summary>
/// <remarks>
/// Plain memory that points to plain memory: there is nothing for the garbage collector to trace, and nothing
/// to free one by one.
/// </remarks>
internal unsafe struct JsonNode
{
    public JsonKind Kind;

    /// <summary>The name of a member of an object.</summary>
    public Utf8Text Name;

    public Utf8Text Text;

    public double Number;

    public JsonNode* FirstChild;

    public JsonNode* NextSibling;
}
