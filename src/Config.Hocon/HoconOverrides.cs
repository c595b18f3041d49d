namespace Backup.Config.Hocon;

/// <summary>Lays <c>BACKUP_…</c> variables and <c>--set key=value</c> over the files.</summary>
internal static class HoconOverrides
{
    private const string Prefix = "BACKUP_";

    public static HoconObject Apply(HoconSources sources, HoconShape shape, HoconObject under, List<HoconProblem> problems)
    {
        var merged = under;
        var byVariable = shape.Leaves.Keys.ToDictionary(VariableOf, static key => key, StringComparer.Ordinal);
        foreach (var (name, value) in sources.Environment.OrderBy(static variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var origin = new HoconOrigin($"environment {name}", 0);
            if (!byVariable.TryGetValue(name, out var key))
            {
                problems.Add(new HoconProblem(
                    origin, "found a variable that names no key, expected one of the reference (gateway.port is BACKUP_GATEWAY__PORT)"));
                continue;
            }

            merged = Put(merged, key, value, shape, origin, problems);
        }

        foreach (var set in sources.Sets)
        {
            var origin = new HoconOrigin($"--set {set.Split('=')[0]}", 0);
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                problems.Add(new HoconProblem(origin, $"found --set {set}, expected --set key=value"));
                continue;
            }

            merged = Put(merged, set[..equals].Trim(), set[(equals + 1)..], shape, origin, problems);
        }

        return merged;
    }

    /// <summary>The variable of a key: dots become two underscores, dashes one, letters upper case.</summary>
    public static string VariableOf(string key) =>
        Prefix + key.Replace(".", "__", StringComparison.Ordinal).Replace('-', '_').ToUpperInvariant();

    private static HoconObject Put(
        HoconObject under, string key, string value, HoconShape shape, HoconOrigin origin, List<HoconProblem> problems)
    {
        var node = shape.Leaves.GetValueOrDefault(key) is HoconArray
            ? ReadArray(key, value, origin, problems)
            : new HoconText(origin, value, Quoted: false);
        var steps = key.Split('.');
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            var holder = new HoconObject(origin);
            holder.Put(steps[i], node);
            node = holder;
        }

        return under.MergedWith((HoconObject)node);
    }

    /// <summary>A list comes as HOCON too: <c>["a", "b"]</c>.</summary>
    private static HoconNode ReadArray(string key, string value, HoconOrigin origin, List<HoconProblem> problems)
    {
        HoconNode? list = null;
        try
        {
            list = HoconDocument.Parse($"list = {value}", origin.File).Root.Find("list");
        }
        catch (HoconException)
        {
            // The text below says what is wanted; the inner message would speak of a file that does not exist.
        }

        if (list is HoconArray)
        {
            return list;
        }

        problems.Add(new HoconProblem(origin, $"key '{key}': found \"{value}\", expected a list such as [\"a\", \"b\"]"));
        return new HoconNull(origin);
    }
}
