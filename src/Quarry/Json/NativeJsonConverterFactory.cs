using System;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quarry;

/// <summary>
/// Creates converters between JSON and the collections of one allocator: lists, arrays, sets, dictionaries
/// and strings.
/// </summary>
/// <remarks>
/// What is read is allocated by the allocator and belongs to the caller. If reading fails, the collection
/// that was being read is disposed, but not its elements, so an <see cref="Arena"/> suits best. The types of
/// the converters are composed at run time; where there is no JIT, add each converter, such as
/// <see cref="NativeListConverter{T,TAllocator}"/>, to <see cref="JsonSerializerOptions.Converters"/>.
/// </remarks>
/// <example><code>
/// using Arena arena = new();
/// JsonSerializerOptions options = new();
/// options.Converters.Add(new NativeJsonConverterFactory&lt;Arena&gt;(arena));
/// var list = JsonSerializer.Deserialize&lt;NativeList&lt;int, Arena&gt;&gt;("[1, 2, 3]", options);
/// </code></example>
/// <typeparam name="TAllocator">The type of the allocator.</typeparam>
public sealed class NativeJsonConverterFactory<TAllocator> : JsonConverterFactory
    where TAllocator : unmanaged, IAllocator
{
    private readonly TAllocator _allocator;

    /// <summary>Initializes the factory.</summary>
    /// <param name="allocator">The allocator of what is read, which must outlive it.</param>
    [RequiresDynamicCode("Add the converter of each type instead, such as NativeListConverter.")]
    [RequiresUnreferencedCode("Add the converter of each type instead, such as NativeListConverter.")]
    public NativeJsonConverterFactory(TAllocator allocator) => _allocator = allocator;

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return typeToConvert.IsGenericType && ConverterOf(typeToConvert) != null
            && typeToConvert.GenericTypeArguments[^1] == typeof(TAllocator);
    }

    /// <inheritdoc/>
    [UnconditionalSuppressMessage("Trimming", "IL2055", Justification = "The constructor requires it.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The constructor requires it.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "The constructor requires it.")]
    public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        Type converter = ConverterOf(typeToConvert)!.MakeGenericType(typeToConvert.GenericTypeArguments);
        return (JsonConverter)Activator.CreateInstance(converter, _allocator)!;
    }

    private static Type? ConverterOf(Type type)
    {
        Type generic = type.GetGenericTypeDefinition();
        return generic == typeof(NativeList<,>) ? typeof(NativeListConverter<,>)
            : generic == typeof(NativeArray<,>) ? typeof(NativeArrayConverter<,>)
            : generic == typeof(NativeHashSet<,>) ? typeof(NativeHashSetConverter<,>)
            : generic == typeof(NativeDictionary<,,>) ? typeof(NativeDictionaryConverter<,,>)
            : generic == typeof(NativeUtf8String<>) ? typeof(NativeUtf8StringConverter<>)
            : null;
    }
}
