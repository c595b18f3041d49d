namespace Backup.Config.Hocon;

/// <summary>One value of a document, with the place it was written.</summary>
public abstract record HoconNode(HoconOrigin Origin);

/// <summary>A plain value. <paramref name="Quoted"/> tells <c>"5s"</c>, a text, from <c>5s</c>, a duration.</summary>
public sealed record HoconText(HoconOrigin Origin, string Value, bool Quoted) : HoconNode(Origin);

/// <summary>The word <c>null</c>: the key is known and has no value.</summary>
public sealed record HoconNull(HoconOrigin Origin) : HoconNode(Origin);

/// <summary>Values in order.</summary>
public sealed record HoconArray(HoconOrigin Origin, IReadOnlyList<HoconNode> Items) : HoconNode(Origin);

/// <summary>One piece of a value that holds a substitution: text as written, or the path between <c>${</c> and <c>}</c>.</summary>
public readonly record struct HoconPart(string Text, bool Quoted, bool IsPath, bool Optional);

/// <summary>A value that is known only after substitution. <see cref="Fallback"/> is what an absent <c>${?x}</c> leaves standing.</summary>
public sealed record HoconJoin(HoconOrigin Origin, IReadOnlyList<HoconPart> Parts) : HoconNode(Origin)
{
    public HoconNode? Fallback { get; init; }

    /// <summary>Whether this is exactly <c>${?x}</c>, which may stand after a plain value of the same key.</summary>
    public bool IsOptionalAlone => Parts is [{ IsPath: true, Optional: true }];
}

/// <summary>Keys in the order they were first written. Dotted keys are already nested objects.</summary>
public sealed record HoconObject(HoconOrigin Origin) : HoconNode(Origin)
{
    private readonly List<string> _order = [];
    private readonly Dictionary<string, HoconNode> _fields = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Keys => _order;

    public HoconNode? Find(string key) => _fields.GetValueOrDefault(key);

    /// <summary>The node at a dotted path, or null.</summary>
    public HoconNode? FindPath(IReadOnlyList<string> path)
    {
        HoconNode? node = this;
        foreach (var step in path)
        {
            node = (node as HoconObject)?.Find(step);
        }

        return node;
    }

    internal void Put(string key, HoconNode node)
    {
        if (!_fields.ContainsKey(key))
        {
            _order.Add(key);
        }

        _fields[key] = node;
    }

    internal void Remove(string key)
    {
        if (_fields.Remove(key))
        {
            _order.Remove(key);
        }
    }

    /// <summary>A new object with the keys of both; where both have a plain value, <paramref name="over"/> wins.</summary>
    public HoconObject MergedWith(HoconObject over)
    {
        var merged = new HoconObject(Origin);
        foreach (var key in _order)
        {
            merged.Put(key, _fields[key]);
        }

        foreach (var key in over._order)
        {
            merged.Put(key, Join(merged.Find(key), over._fields[key]));
        }

        return merged;
    }

    private static HoconNode Join(HoconNode? under, HoconNode over) => (under, over) switch
    {
        (HoconObject below, HoconObject above) => below.MergedWith(above),
        (not null, HoconJoin { IsOptionalAlone: true } join) => join with { Fallback = join.Fallback ?? under },
        _ => over,
    };
}
