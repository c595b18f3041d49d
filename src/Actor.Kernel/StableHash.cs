using System.Text;

namespace Backup.Actor.Kernel;

/// <summary>
/// FNV-1a over UTF-8, with a final mix. It chooses shards, so it must be the same in every process and for ever; a golden
/// test pins it.
/// </summary>
public static class StableHash
{
    public static uint Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> scratch = stackalloc byte[256];
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= scratch.Length
            ? scratch[..Encoding.UTF8.GetBytes(text, scratch)]
            : Encoding.UTF8.GetBytes(text);

        var hash = 2166136261u;
        foreach (var b in bytes)
        {
            hash = unchecked((hash ^ b) * 16777619u);
        }

        hash ^= hash >> 16;
        hash = unchecked(hash * 0x7feb352du);
        hash ^= hash >> 15;
        return hash;
    }

    /// <summary>The shard of an entity among <paramref name="shards"/> of them.</summary>
    public static int Shard(string entityId, int shards) => checked((int)(Of(entityId) % (uint)shards));
}
