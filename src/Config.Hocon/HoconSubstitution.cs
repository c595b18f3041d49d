using System.Text;

namespace Backup.Config.Hocon;

/// <summary>Puts values in the place of <c>${a.b}</c> and <c>${?NAME}</c>: first from the settings, then from the environment.</summary>
internal sealed class HoconSubstitution(HoconObject root, IReadOnlyDictionary<string, string> environment, List<HoconProblem> problems)
{
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    /// <summary>A copy of the whole tree without substitutions; what could not be resolved is noted and left out.</summary>
    public HoconObject Resolve() => ResolveObject(root);

    private HoconObject ResolveObject(HoconObject node)
    {
        var resolved = new HoconObject(node.Origin);
        foreach (var key in node.Keys)
        {
            if (ResolveNode(node.Find(key)!) is { } value)
            {
                resolved.Put(key, value);
            }
        }

        return resolved;
    }

    private HoconNode? ResolveNode(HoconNode node) => node switch
    {
        HoconObject child => ResolveObject(child),
        HoconArray array => array with { Items = [.. array.Items.Select(ResolveNode).OfType<HoconNode>()] },
        HoconJoin join => ResolveJoin(join),
        _ => node,
    };

    private HoconNode? ResolveJoin(HoconJoin join)
    {
        var whole = join.Parts.Count == 1;
        var value = new StringBuilder();
        var quoted = false;
        foreach (var part in join.Parts)
        {
            if (!part.IsPath)
            {
                value.Append(part.Text);
                quoted |= part.Quoted;
                continue;
            }

            var found = Look(part.Text, join.Origin);
            switch (found)
            {
                case HoconText text:
                    value.Append(text.Value);
                    quoted |= text.Quoted;
                    break;
                case not null when whole:
                    return found is HoconNull ? found : found with { Origin = join.Origin };
                case HoconObject or HoconArray:
                    problems.Add(new HoconProblem(join.Origin, $"found an object or array at ${{{part.Text}}}, expected a text to join"));
                    return null;
                case null when part.Optional && whole:
                    return join.Fallback is { } fallback ? ResolveNode(fallback) : null;
                case null when !part.Optional:
                    problems.Add(new HoconProblem(
                        join.Origin, $"found no value for ${{{part.Text}}}, expected a key of the settings or an environment variable"));
                    return null;
                default:
                    break;
            }
        }

        return new HoconText(join.Origin, value.ToString(), quoted);
    }

    private HoconNode? Look(string path, HoconOrigin origin)
    {
        if (root.FindPath(path.Split('.')) is { } node)
        {
            if (!_open.Add(path))
            {
                problems.Add(new HoconProblem(origin, $"found ${{{path}}} inside its own value, expected no circle"));
                return new HoconNull(origin);
            }

            var resolved = ResolveNode(node);
            _open.Remove(path);
            return resolved;
        }

        return environment.TryGetValue(path, out var value) ? new HoconText(origin, value, Quoted: false) : null;
    }
}
