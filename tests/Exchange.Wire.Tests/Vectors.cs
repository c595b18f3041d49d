using System.Text.Json;

namespace Backup.Exchange.Wire.Tests;

/// <summary>The worked examples that ship with the protocol reference.</summary>
internal static class Vectors
{
    private static readonly JsonDocument Document =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "nse-tap-vectors.json")));

    public static IReadOnlyList<Vector> All { get; } =
        [.. Document.RootElement.GetProperty("vectors").EnumerateArray().Select(element => new Vector(element))];

    public static JsonElement Layouts => Document.RootElement.GetProperty("layouts");

    public static Vector Named(string name) => All.Single(vector => vector.Name == name);
}

internal sealed class Vector(JsonElement element)
{
    public string Name => Text("name");

    public string Structure => Text("struct");

    public short Code => element.GetProperty("code").GetInt16();

    public byte[] Message => Convert.FromHexString(Text("message_hex"));

    public byte[] Packet => Convert.FromHexString(Text("hex"));

    public bool IsEncrypted => Name.StartsWith("enc_", StringComparison.Ordinal);

    public IEnumerable<(string Name, JsonElement Value)> Fields =>
        element.GetProperty("fields").EnumerateObject().Select(each => (each.Name, each.Value));

    private string Text(string property) => element.GetProperty(property).GetString()!;
}
