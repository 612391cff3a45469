using System;
using System.Buffers;
using System.Linq;
using System.Text;
using System.Text.Json;
using Xunit;
using Texts = Quarry.NativeDictionary<
    Quarry.NativeUtf8String<Quarry.Counting<Quarry.SystemHeap>>,
    Quarry.NativeUtf8String<Quarry.Counting<Quarry.SystemHeap>>,
    Quarry.Counting<Quarry.SystemHeap>>;

namespace Quarry.Tests.Json;

/// <summary>Collections are read from JSON, and written, as their twins are.</summary>
public sealed class JsonTests : IDisposable
{
    private readonly Arena _arena = new();
    private readonly JsonSerializerOptions _options;

    public JsonTests() => _options = new()
    {
        Converters = { new NativeJsonConverterFactory<Arena>(_arena) },
    };

    public void Dispose() => _arena.Dispose();

    [Theory]
    [InlineData("[]")]
    [InlineData("[1,2,3]")]
    public void A_list_an_array_and_a_set(string json)
    {
        Assert.Equal(json, JsonSerializer.Serialize(Read<NativeList<int, Arena>>(json), _options));
        Assert.Equal(json, JsonSerializer.Serialize(Read<NativeArray<int, Arena>>(json), _options));
        Assert.Equal(json, JsonSerializer.Serialize(Read<NativeHashSet<int, Arena>>(json), _options));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"1":1.5,"-2":0}""")]
    public void A_dictionary_with_keys_that_are_numbers(string json) => Assert.Equal(
        json, JsonSerializer.Serialize(Read<NativeDictionary<int, double, Arena>>(json), _options));

    [Fact]
    public void A_dictionary_with_keys_that_are_text()
    {
        const string Json = """{"one":1,"gr\u00F6\u00DFer":2,"":3}""";
        var dictionary = Read<NativeDictionary<NativeUtf8String<Arena>, int, Arena>>(Json);
        using NativeUtf8String<Arena> key = new(_arena, "größer");
        Assert.Equal((3, 2), (dictionary.Count, dictionary[key]));
        Assert.Equal(Json, JsonSerializer.Serialize(dictionary, _options));
        Assert.Equal(1, Read<NativeDictionary<int, int, Arena>>("""{"5":2,"5":1}""")[5]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("with \"quotes\", \\, \n and 😀")]
    public void Text(string text)
    {
        NativeUtf8String<Arena> read = Read<NativeUtf8String<Arena>>(JsonSerializer.Serialize(text));
        Assert.Equal(text, read.ToString());
        Assert.Equal(JsonSerializer.Serialize(text), JsonSerializer.Serialize(read, _options));
    }

    [Fact]
    public void Rows_with_collections_inside()
    {
        const string Json = """[{"Name":"a","Values":[1,2]},{"Name":"b","Values":[]}]""";
        NativeList<Row, Arena> rows = Read<NativeList<Row, Arena>>(Json);
        Assert.Equal(("b", 2), (rows[1].Name.ToString(), rows[0].Values[1]));
        Assert.Equal(Json, JsonSerializer.Serialize(rows, _options));
        Assert.Equal(Json, JsonSerializer.Serialize(
            JsonSerializer.Deserialize<Row[]>(Json, _options), _options));
    }

    [Fact]
    public void Text_that_lies_in_several_buffers()
    {
        byte[] json = Encoding.UTF8.GetBytes($"[\"{new string('x', 5000)}\",\"\\u0041\"]");
        using NativeBufferWriter<byte, Arena> writer = new(_arena, maxSegmentLength: 64);
        foreach (byte[] part in json.Chunk(64))
        {
            writer.Write(part);
        }

        Utf8JsonReader reader = new(writer.WrittenSequence);
        var list =
            JsonSerializer.Deserialize<NativeList<NativeUtf8String<Arena>, Arena>>(ref reader, _options);
        Assert.Equal((5000, "A"), (list[0].Length, list[1].ToString()));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[1,\"two\"]")]
    [InlineData("[1")]
    public void What_does_not_fit_is_refused_and_leaves_nothing(string json)
    {
        using Heap heap = new();
        JsonSerializerOptions options = new() { Converters = { new NativeJsonConverterFactory<Heap>(heap) } };
        _ = Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<NativeList<int, Heap>>(json, options));
        _ = Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<NativeArray<int, Heap>>(json, options));
        _ = Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<NativeHashSet<int, Heap>>(json, options));
        _ = Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<NativeDictionary<int, int, Heap>>(json, options));
        _ = Assert.Throws<JsonException>(() =>
            JsonSerializer.Deserialize<NativeUtf8String<Heap>>(json, options));
        Assert.Equal(0u, heap.GetStatistics().InUseBytes);
    }

    [Theory]
    [InlineData("""{"a":"x","b":"y"}""", "y")]
    [InlineData("""{"a":"x","b":"y","b":"z"}""", "z")]
    public void Names_that_occur_twice_leave_nothing(string json, string expected)
    {
        using Counting<SystemHeap> counted = new(default);
        var texts = Counted<Texts>(counted, json);
        using (NativeUtf8String<Counting<SystemHeap>> key = new(counted, "b"))
        {
            Assert.Equal((2, expected), (texts.Count, texts[key].ToString()));
        }

        foreach ((NativeUtf8String<Counting<SystemHeap>> key, var value) in texts)
        {
            key.Dispose();
            value.Dispose();
        }

        texts.Dispose();
        Assert.Equal(0, counted.Statistics.CurrentBlocks);
    }

    [Fact]
    public void Elements_that_occur_twice_in_a_set_leave_nothing()
    {
        using Counting<SystemHeap> counted = new(default);
        var set = Counted<NativeHashSet<NativeUtf8String<Counting<SystemHeap>>, Counting<SystemHeap>>>(
            counted, """["a","b","a","a"]""");
        Assert.Equal(2, set.Count);
        foreach (NativeUtf8String<Counting<SystemHeap>> item in set)
        {
            item.Dispose();
        }

        set.Dispose();
        Assert.Equal(0, counted.Statistics.CurrentBlocks);
    }

    [Fact]
    public void Elements_before_an_error_are_freed()
    {
        using Counting<SystemHeap> counted = new(default);
        Assert.Throws<JsonException>(() => Counted<Texts>(counted, """{"a":"x","b":1}"""));
        Assert.Throws<JsonException>(() => Counted<Texts>(counted, """{"a":"x","a":1}"""));
        Assert.Throws<JsonException>(
            () => Counted<NativeList<Texts, Counting<SystemHeap>>>(counted, """[{}, 1]"""));
        Assert.Throws<JsonException>(
            () => Counted<NativeArray<Texts, Counting<SystemHeap>>>(counted, """[{}, 1]"""));
        Assert.Throws<JsonException>(
            () => Counted<NativeHashSet<NativeUtf8String<Counting<SystemHeap>>, Counting<SystemHeap>>>(
                counted, """["a", 1]"""));
        Assert.True(counted.Statistics.Allocations > 10);
        Assert.Equal(0, counted.Statistics.CurrentBlocks);
    }

    [Fact]
    public void Collections_of_another_allocator_are_not_its()
    {
        NativeJsonConverterFactory<Arena> factory = new(_arena);
        Assert.True(factory.CanConvert(typeof(NativeList<int, Arena>)));
        Assert.False(factory.CanConvert(typeof(NativeList<int, Heap>)) || factory.CanConvert(typeof(int))
            || factory.CanConvert(typeof(NativeQueue<int, Arena>)));
    }

    private static T Counted<T>(Counting<SystemHeap> counted, string json) =>
        JsonSerializer.Deserialize<T>(json, OptionsOf(counted))!;

    private static JsonSerializerOptions OptionsOf(Counting<SystemHeap> counted) => new()
    {
        Converters = { new NativeJsonConverterFactory<Counting<SystemHeap>>(counted) },
    };

    private T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, _options)!;

    private struct Row
    {
        public NativeUtf8String<Arena> Name { get; set; }
        public NativeList<int, Arena> Values { get; set; }
    }
}
