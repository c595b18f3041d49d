using System.Security.Cryptography;
using System.Text;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Node.Gateway;

namespace Backup.Cluster.Node.Links;

/// <summary>
/// How two nodes show each other that they have the cluster's secret, which itself never travels: each answers the other's random challenge with
/// an HMAC-SHA-256 over it and both names. No clock is involved.
/// </summary>
/// <remarks>It says who opens a link, not that nobody listens or changes bytes: between machines the link runs over TLS (<see cref="LinkTls"/>) or in a private network.</remarks>
internal sealed class LinkHandshake(byte[] secret)
{
    private const int ChallengeLength = 32;

    /// <summary>The opener's part, after it has named itself.</summary>
    /// <exception cref="IOException">The other side closed, or does not have the secret.</exception>
    public async Task OpenAsync(ILinkConnection connection, NodeId self, NodeId peer, CancellationToken cancellationToken)
    {
        var theirs = await ReceiveAsync(connection, ChallengeLength, $"{peer} did not let this node in", cancellationToken);
        var mine = RandomNumberGenerator.GetBytes(ChallengeLength);
        await connection.SendAsync(Proof(theirs, self, peer).Concat(mine).ToArray(), cancellationToken);
        Expect(await ReceiveAsync(connection, ChallengeLength, $"{peer} refused this node's secret", cancellationToken), Proof(mine, peer, self), peer);
    }

    /// <summary>The other part.</summary>
    /// <exception cref="IOException">The opener closed, or does not have the secret.</exception>
    public async Task AcceptAsync(ILinkConnection connection, NodeId self, NodeId peer, CancellationToken cancellationToken)
    {
        var mine = RandomNumberGenerator.GetBytes(ChallengeLength);
        await connection.SendAsync(mine, cancellationToken);
        var answer = await ReceiveAsync(connection, ChallengeLength * 2, $"{peer} did not finish its greeting", cancellationToken);
        Expect(answer[..ChallengeLength], Proof(mine, peer, self), peer);
        await connection.SendAsync(Proof(answer[ChallengeLength..], self, peer), cancellationToken);
    }

    private static void Expect(byte[] found, byte[] expected, NodeId peer)
    {
        if (!CryptographicOperations.FixedTimeEquals(found, expected))
        {
            throw new IOException($"{peer} does not have this cluster's secret: every node needs the same cluster.secret-file");
        }
    }

    private static async Task<byte[]> ReceiveAsync(ILinkConnection connection, int length, string otherwise, CancellationToken cancellationToken) =>
        await connection.ReceiveAsync(cancellationToken) is { } frame && frame.Length == length ? frame.ToArray() : throw new IOException(otherwise);

    private byte[] Proof(byte[] challenge, NodeId from, NodeId to) =>
        HMACSHA256.HashData(secret, (byte[])[.. challenge, .. Encoding.UTF8.GetBytes($"{from}>{to}")]);
}

/// <summary>The cluster's secret: a file that every node has a copy of.</summary>
internal static class ClusterSecret
{
    private const string FileName = "cluster-secret";
    private const int Length = 32;

    /// <param name="file">Where it is; empty: in the data folder. It is made where there is none.</param>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    internal static byte[] LoadOrCreate(string dataFolder, string file)
    {
        var (path, content) = SecretFile.ReadOrCreate(dataFolder, FileName, file, static () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length)) + "\n");
        var text = content.Trim();
        return text.Length == Length * 2 && text.All(char.IsAsciiHexDigit)
            ? Convert.FromHexString(text)
            : throw new InvalidDataException($"{path}: expected {Length * 2} hexadecimal digits, found {text.Length} characters of something else. Copy the file of another node, or delete it to make a new one for all.");
    }
}
