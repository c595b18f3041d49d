using System.Globalization;

namespace Backup.Config.Hocon;

/// <summary>What the reference file allows: the keys, the kind of each, and which are secret.</summary>
internal sealed class HoconShape
{
    private static readonly HoconText AnyText = new(default, "", Quoted: true);
    private readonly HoconObject _root;
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HoconNode> _leaves = new(StringComparer.Ordinal);

    private HoconShape(HoconObject root) => _root = root;

    /// <summary>Every key of the reference that holds a value or a list, with its reference node.</summary>
    public IReadOnlyDictionary<string, HoconNode> Leaves => _leaves;

    public static HoconShape Of(HoconDocument reference, List<HoconProblem> problems)
    {
        // The kinds do not depend on the machine: nothing of the environment is looked at here.
        var resolved = new HoconSubstitution(reference.Root, new Dictionary<string, string>(StringComparer.Ordinal), []).Resolve();
        var shape = new HoconShape(resolved);
        shape.Note(reference.Root, resolved, "", reference.SecretOrigins);
        foreach (var (key, node) in shape._leaves)
        {
            if (node is HoconText text && SuspectUnit(key, text))
            {
                problems.Add(new HoconProblem(
                    node.Origin, $"key '{key}': found {text.Value}, expected a known unit after the number, or the value in quotes"));
            }
        }

        return shape;
    }

    /// <summary>Walks the effective tree; yields what fits, notes what does not.</summary>
    public IEnumerable<HoconSetting> Check(HoconObject effective, List<HoconProblem> problems) =>
        CheckObject(effective, _root, "", secret: false, problems);

    /// <summary>The kind a reference value gives to its key.</summary>
    public static HoconKind KindOf(string key, HoconNode reference) =>
        reference is HoconText text ? HoconKinds.Of(key, text) : HoconKind.Text;

    private void Note(HoconObject written, HoconObject resolved, string prefix, IReadOnlySet<HoconOrigin> secretOrigins)
    {
        foreach (var key in written.Keys)
        {
            var path = Dotted(prefix, key);
            var node = written.Find(key)!;
            var value = resolved.Find(key);
            if (node is HoconObject child && value is HoconObject childValue)
            {
                Note(child, childValue, path, secretOrigins);
                continue;
            }

            if (secretOrigins.Contains(node.Origin) || (node is HoconJoin { Fallback: { } below } && secretOrigins.Contains(below.Origin)))
            {
                _secrets.Add(path);
            }

            if (value is null)
            {
                resolved.Put(key, AnyText with { Origin = node.Origin });
            }

            _leaves[path] = value ?? AnyText;
        }
    }

    private IEnumerable<HoconSetting> CheckObject(
        HoconObject effective, HoconObject reference, string prefix, bool secret, List<HoconProblem> problems)
    {
        var open = reference.Keys.Count == 0;
        foreach (var key in effective.Keys)
        {
            var path = Dotted(prefix, key);
            var node = effective.Find(key)!;
            var expected = reference.Find(key) ?? (open ? OpenShape(node) : null);
            if (expected is null)
            {
                problems.Add(new HoconProblem(node.Origin, $"found the unknown key '{path}', expected {Nearest(reference, prefix, key)}"));
                continue;
            }

            foreach (var setting in CheckNode(node, expected, key, path, secret || _secrets.Contains(path), problems))
            {
                yield return setting;
            }
        }
    }

    private IEnumerable<HoconSetting> CheckNode(
        HoconNode node, HoconNode expected, string key, string path, bool secret, List<HoconProblem> problems)
    {
        switch (node, expected)
        {
            case (HoconNull, _):
                return [];
            case (HoconObject child, HoconObject shape):
                return CheckObject(child, shape, path, secret, problems);
            case (HoconArray array, HoconArray shape):
                var item = shape.Items.Count > 0 ? shape.Items[0] : null;
                return array.Items.SelectMany((value, index) => CheckNode(
                    value, item ?? OpenShape(value), key, $"{path}.{index.ToString(CultureInfo.InvariantCulture)}", secret, problems));
            case (HoconText text, HoconText or HoconNull):
                return CheckText(text, expected, key, path, secret, problems);
            default:
                problems.Add(new HoconProblem(node.Origin, $"key '{path}': found {FormOf(node)}, expected {FormOf(expected)}"));
                return [];
        }
    }

    private static IEnumerable<HoconSetting> CheckText(
        HoconText text, HoconNode expected, string key, string path, bool secret, List<HoconProblem> problems)
    {
        var kind = KindOf(key, expected);
        if (HoconKinds.Bound(kind, text.Value) is { } bound)
        {
            return [new HoconSetting(path, text.Value, bound, kind, text.Origin, secret)];
        }

        var found = secret ? "another value (redacted)" : $"\"{text.Value}\"";
        problems.Add(new HoconProblem(text.Origin, $"key '{path}': found {found}, expected {HoconKinds.Expectation(kind)}"));
        return [];
    }

    private static HoconNode OpenShape(HoconNode node) => node switch
    {
        HoconObject => new HoconObject(node.Origin),
        HoconArray => new HoconArray(node.Origin, []),
        _ => AnyText,
    };

    private static string FormOf(HoconNode node) => node switch
    {
        HoconObject => "an object",
        HoconArray => "an array",
        _ => "a single value",
    };

    /// <summary>A number followed by letters that are no unit we know: more likely a slip than a text.</summary>
    private static bool SuspectUnit(string key, HoconText text) =>
        HoconKinds.Of(key, text) == HoconKind.Text && !text.Quoted && HoconKinds.LooksLikeUnit(text.Value);

    private static string Nearest(HoconObject reference, string prefix, string key)
    {
        var near = reference.Keys
            .Select(known => (known, Steps: Distance(known, key)))
            .Where(candidate => candidate.Steps <= Math.Max(2, key.Length / 3))
            .OrderBy(static candidate => candidate.Steps)
            .Select(static candidate => candidate.known)
            .FirstOrDefault();
        return near is not null ? $"a key of the reference such as '{Dotted(prefix, near)}'" : "a key that is in the reference file";
    }

    /// <summary>Levenshtein's distance: how many single letters must change.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }

    private static string Dotted(string prefix, string key) => prefix.Length == 0 ? key : $"{prefix}.{key}";
}
