using Backup.Drills.Cluster;
using Backup.Drills.Network;
using Backup.Tests;

namespace Backup.Drills;

/// <summary>What a stack has beyond a single node: three of them over one database, behind one address, perhaps each in a network of its own.</summary>
internal sealed partial class Stack
{
    private NodeCertificates? _authority;

    /// <summary>The nodes' own networks, when they have them.</summary>
    internal ClusterNetwork? Nodes { get; private set; }

    /// <summary>All nodes, whether they run or not.</summary>
    internal IReadOnlyList<Member> Members => _members;

    /// <summary>Our own end of whatever leads to the nodes.</summary>
    private string OutsideHost => Nodes?.Outside ?? "127.0.0.1";

    /// <summary>Every line is whole again.</summary>
    internal async Task HealLinesAsync()
    {
        Proxy?.Heal();
        Journal?.HealLines();
        await (Network?.HealAsync() ?? Task.CompletedTask);
        await (Nodes?.HealAsync() ?? Task.CompletedTask);
    }

    /// <summary>Starts one node, and returns when it listens; it need not serve yet.</summary>
    internal async Task StartAsync(Member member)
    {
        if (member.Process is { } former)
        {
            await former.DisposeAsync();
        }

        member.Process = Start(member);
        await member.Process.WaitForLineAsync(" serves http", StartPatience);
    }

    /// <summary>Returns when every node runs and serves. One that has ended meanwhile is started again, as whatever watches processes would.</summary>
    internal Task WaitUntilWholeAsync() => Eventually.HoldsAsync("every node serves", StartPatience, async () =>
    {
        var isWhole = true;
        foreach (var member in _members)
        {
            if (!member.IsRunning)
            {
                await StartAsync(member);
            }

            isWhole &= await member.ServesAsync(_http);
        }

        return isWhole;
    });

    /// <summary>The operator's terminal on this node.</summary>
    internal Task<(int Status, string Output)> PbmOnAsync(Member member, params string[] arguments)
    {
        var (program, before) = member.Inside(Binary("Operator.Cli", "pbm"));
        return ManagedProcess.RunAsync(program, [.. before, .. arguments, "--data", member.Data]);
    }

    private async Task LayNetworksAsync()
    {
        Nodes = await ClusterNetwork.CreateAsync(_members.Length);
        for (var i = 0; i < _members.Length; i++)
        {
            _members[i].Place = Nodes.Places[i];
        }
    }

    private async Task PrepareClusterAsync()
    {
        if (!_options.IsCluster || Journal is not null)
        {
            return;
        }

        Journal = await SharedJournal.StartAsync(RunPbmAsync, Nodes, _options.HasStandby, _options.HasSmallDisk);
        _door = await FrontDoor.OpenAsync(GatewayPort, [.. _members.Select(member => member.Gateway.Authority)]);
    }

    private string[] JournalSettings(Member member) => Journal is null ? [] :
    [
        "journal.kind=postgres", $"journal.postgres-connection={Journal.ConnectionOf(member)}", $"cluster.secret-file={Path.Combine(Folder, "cluster-secret")}",
        .. member.Place is not { } place ? Array.Empty<string>() : [$"gateway.address={place.Address}", $"cluster.address={place.LinkAddress}", .. TlsSettings(member)],
    ];

    /// <summary>A link that leaves a node's network is over TLS.</summary>
    private string[] TlsSettings(Member member)
    {
        _authority ??= new NodeCertificates(Folder);
        var (certificate, key) = _authority.Make(member.Name);
        return [$"cluster.tls-certificate-file={certificate}", $"cluster.tls-key-file={key}", $"cluster.tls-authority-file={_authority.AuthorityFile}"];
    }
}
