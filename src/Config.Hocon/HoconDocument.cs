namespace Backup.Config.Hocon;

/// <summary>One file as written, includes taken in, substitutions not yet made.</summary>
public sealed class HoconDocument
{
    private HoconDocument(string fileName, HoconObject root, IReadOnlySet<HoconOrigin> secrets, IReadOnlyList<HoconProblem> problems)
    {
        FileName = fileName;
        Root = root;
        SecretOrigins = secrets;
        Problems = problems;
    }

    public string FileName { get; }

    public HoconObject Root { get; }

    /// <summary>Places whose line ends in the comment <c># secret</c>.</summary>
    internal IReadOnlySet<HoconOrigin> SecretOrigins { get; }

    internal IReadOnlyList<HoconProblem> Problems { get; }

    /// <exception cref="HoconException">The text is not readable, or sets a key twice.</exception>
    public static HoconDocument Parse(string text, string fileName) => Checked(Read(text, fileName, []));

    /// <exception cref="HoconException">The file is absent, not readable, or sets a key twice.</exception>
    public static HoconDocument Load(string path) => Checked(Open(path, new HoconOrigin(path, 0)));

    /// <summary>Reads a file, keeping its problems instead of throwing them.</summary>
    internal static HoconDocument Open(string path, HoconOrigin askedAt) => Open(path, askedAt, []);

    private static HoconDocument Open(string path, HoconOrigin askedAt, IReadOnlyList<string> opened)
    {
        try
        {
            return Read(File.ReadAllText(path), path, opened);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problem = new HoconProblem(askedAt, $"found no readable file '{path}', expected one ({e.Message})");
            return new HoconDocument(path, new HoconObject(askedAt), new HashSet<HoconOrigin>(), [problem]);
        }
    }

    private static HoconDocument Read(string text, string fileName, IReadOnlyList<string> opened)
    {
        var problems = new List<HoconProblem>();
        var secrets = new HashSet<HoconOrigin>();
        var chain = opened.Append(Path.GetFullPath(fileName)).ToList();
        var reader = new HoconReader(text, fileName, problems, Include);
        HoconObject root;
        try
        {
            root = reader.ReadDocument();
        }
        catch (HoconSyntaxException e)
        {
            problems.Add(e.Problem);
            root = new HoconObject(new HoconOrigin(fileName, 1));
        }

        secrets.UnionWith(reader.SecretLines.Select(line => new HoconOrigin(fileName, line)));
        return new HoconDocument(fileName, root, secrets, problems);

        HoconObject? Include(string name, HoconOrigin origin)
        {
            var path = Path.Combine(Path.GetDirectoryName(fileName) ?? "", name);
            if (chain.Contains(Path.GetFullPath(path)))
            {
                problems.Add(new HoconProblem(origin, $"found an include of '{name}' from within itself, expected no circle"));
                return null;
            }

            var included = Open(path, origin, chain);
            problems.AddRange(included.Problems);
            secrets.UnionWith(included.SecretOrigins);
            return included.Root;
        }
    }

    private static HoconDocument Checked(HoconDocument document) =>
        document.Problems.Count == 0 ? document : throw new HoconException(document.Problems);
}
