using System.Text.Json.Nodes;
using Backup.Drills.Cluster;
using Backup.Drills.Network;
using Backup.Drills.Proxy;
using Backup.Tests;

namespace Backup.Drills;

/// <summary>
/// The whole product on free ports in a temporary folder: simulator, node, and the operator's terminal; or three nodes over one PostgreSQL
/// behind one address.
/// </summary>
internal sealed partial class Stack : IAsyncDisposable
{
    private const int PbmRetries = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private readonly Dictionary<string, string> _ports = new(StringComparer.Ordinal);
    private readonly StackOptions _options;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Member[] _members;
    private Member _serving;
    private ManagedProcess? _simulator;
    private ManagedProcess? _door;

    internal Stack()
        : this(new StackOptions())
    {
    }

    internal Stack(StackOptions options)
    {
        _options = options;
        Folder = Directory.CreateTempSubdirectory("backup-drill-").FullName;
        Farewell.RememberFolder(Folder);
        _members = [.. (options.IsCluster ? new[] { "node1", "node2", "node3" } : ["node"]).Select(name => new Member(name, Path.Combine(Folder, name), FreePorts.Next(), FreePorts.Next()))];
        _serving = _members[0];
        GatewayPort = options.IsCluster ? FreePorts.Next() : _serving.GatewayPort;
    }

    /// <summary>The repository.</summary>
    internal string Root => Repository.Root;

    internal string Folder { get; }

    /// <summary>The data folder of the node that serves.</summary>
    internal string Data => _serving.Data;

    /// <summary>The port that clients know: the node's, or the cluster's front door.</summary>
    internal int GatewayPort { get; }

    internal Uri Gateway => new($"http://127.0.0.1:{GatewayPort}");

    internal Uri Simulator => new($"http://{OutsideHost}:{_ports["http"]}");

    internal int MessagesPerSecond => _options.MessagesPerSecond;

    internal string Link => _options.Link;

    /// <summary>The exchange's own network, when it has one.</summary>
    internal ExchangeNamespace? Network { get; private set; }

    internal ExchangeProxy? Proxy { get; private set; }

    /// <summary>The database of a cluster.</summary>
    internal SharedJournal? Journal { get; private set; }

    /// <summary>The node that serves, as far as was seen.</summary>
    internal ManagedProcess? Node => _serving.Process;

    /// <summary>The folder stays after the drill, for whoever looks for the reason.</summary>
    internal bool KeepsFolder { get; set; }

    internal async Task StartSimulatorAsync()
    {
        if (_options.IsBehindProxy)
        {
            Network = await ExchangeNamespace.CreateAsync();
            Proxy = new ExchangeProxy(Network);
        }

        if (_options.HasNetworks)
        {
            await LayNetworksAsync();
        }

        var plain = Binary("Exchange.Simulator", "Exchange.Simulator");
        var (program, before) = Network?.Inside(plain) ?? (plain, []);
        _simulator = ManagedProcess.Start("simulator", program, [.. before, .. SimulatorArguments()]);
        var ready = JsonNode.Parse(await _simulator.WaitForLineAsync("\"simulator\":\"ready\"", StartPatience))!;
        _ports["cm"] = ready["router"]!["cm"]!.ToString();
        _ports["fo"] = ready["router"]!["fo"]!.ToString();
        _ports["http"] = ready["http"]!.ToString();
        _ports["smtp"] = ready["smtp"]!.ToString();
        OpenDoors();
    }

    internal string Sample => _options.Sample ?? Path.Combine(Root, "data/sample");

    /// <summary>In a network of its own every port is free.</summary>
    private const int InsidePorts = 9700;

    private void OpenDoors()
    {
        if (Proxy is null)
        {
            return;
        }

        for (var i = 0; i < ExchangeProxy.Segments.Length; i++)
        {
            var segment = ExchangeProxy.Segments[i];
            Proxy.LeadTo(segment, InsidePorts + 11 + i);
            _ports[segment] = Proxy.OpenRouterDoor(segment, int.Parse(_ports[segment])).ToString();
        }

        _ports["http"] = Proxy.OpenSafeDoor(int.Parse(_ports["http"])).ToString();
        _ports["smtp"] = Proxy.OpenSafeDoor(int.Parse(_ports["smtp"])).ToString();
    }

    private IEnumerable<string> SimulatorArguments()
    {
        var sample = Sample;
        string[] settings =
        [
            "router-port=0", "http-port=0", "smtp-port=0",
            $"data={Path.Combine(Folder, "exchange")}",
            .. Nodes is null ? Array.Empty<string>() : [$"listen={OutsideHost}"],
            $"instruments={Path.Combine(sample, "instruments.csv")}",
            $"closes={Path.Combine(sample, "closes.csv")}",
            $"freeze={Path.Combine(sample, "qtyfreeze.csv")}",
            $"messages-per-second={_options.MessagesPerSecond}",
            $"link={_options.Link}",
            .. Proxy is null ? Array.Empty<string>() :
            [
                $"gateway-port-cm={InsidePorts + 11}", $"gateway-port-fo={InsidePorts + 12}",
                $"advertised-gateway-cm={Proxy.AdvertisedGateway("cm")}", $"advertised-gateway-fo={Proxy.AdvertisedGateway("fo")}",
            ],
            .. _options.SimulatorSettings,
        ];
        return settings.Select(setting => $"--simulator:{setting}");
    }

    /// <param name="mainOrders">Rows for the list of orders that the main site left at the exchange; null for none.</param>
    internal async Task ImportAsync(string? mainOrders = null)
    {
        var day = Sample;
        if (mainOrders is not null)
        {
            day = Directory.CreateDirectory(Path.Combine(Folder, "day")).FullName;
            Array.ForEach(Directory.GetFiles(Sample), file => File.Copy(file, Path.Combine(day, Path.GetFileName(file))));
            await File.WriteAllTextAsync(Path.Combine(day, "main_orders.csv"), mainOrders);
        }

        foreach (var member in _members)
        {
            var (status, output) = await RunPbmAsync("data", "import", "--from", day, "--data", member.Data);
            Expect.That(status == 0, $"the sample day imports; found status {status}:\n{output}");
        }
    }

    /// <summary>Starts what does not run of the nodes, and returns when one serves.</summary>
    internal async Task StartNodeAsync()
    {
        await PrepareClusterAsync();
        foreach (var member in _members.Where(member => !member.IsRunning))
        {
            await StartAsync(member);
        }

        await WaitUntilServedAsync();
    }

    /// <summary>Starts what does not run, in a cluster not before another node serves: it must not need that.</summary>
    internal async Task StartAfterTakeoverAsync()
    {
        if (_options.IsCluster)
        {
            await WaitUntilServedAsync();
        }

        await StartNodeAsync();
    }

    /// <summary>Returns when one node says that it serves.</summary>
    internal Task WaitUntilServedAsync() => Eventually.HoldsAsync("a node serves", StartPatience, async () =>
    {
        foreach (var member in _members)
        {
            if (member.IsRunning && await member.ServesAsync(_http))
            {
                _serving = member;
                return true;
            }
        }

        return false;
    });

    /// <summary>A second process over the same folder and settings; the caller owns it.</summary>
    internal ManagedProcess StartAnotherNode() => Start(_serving);

    private ManagedProcess Start(Member member)
    {
        var plain = Binary("Cluster.Node", "backup-node", _options.NodeRoot);
        var (program, before) = member.Inside(plain);
        return ManagedProcess.Start(member.Name, program, [.. before, .. NodeArguments(member)]);
    }

    private IEnumerable<string> NodeArguments(Member member) =>
    [
        "--config", Path.Combine(Root, "hocon/local.conf"),
        .. new[]
        {
            $"node.name={member.Name}", $"node.data={member.Data}", $"gateway.port={member.GatewayPort}", $"management.port={member.ManagementPort}",
            $"gateway.token-key-file={Path.Combine(Folder, "token-key.pem")}", $"gateway.totp-key-file={Path.Combine(Folder, "totp-key")}", "gateway.code-resend-after=0s", "gateway.logins-per-address-per-minute=10000",
            $"tap.cm.router-host={ExchangeHost}", $"tap.fo.router-host={ExchangeHost}",
            $"tap.cm.router-port={_ports["cm"]}", $"tap.fo.router-port={_ports["fo"]}", $"prices.url={Simulator}prices/stream",
            $"notices.sms-url={Simulator}inbox/sms", $"notices.smtp-host={OutsideHost}", $"notices.smtp-port={_ports["smtp"]}",
            $"tap.router-ca-file={(_options.Link == "clear" ? "" : Path.Combine(Folder, "exchange", "gr_ca_cert1.pem"))}",
            $"gateway.web-root={WebRoot()}",
            $"tap.cm.messages-per-second={_options.MessagesPerSecond}", $"tap.fo.messages-per-second={_options.MessagesPerSecond}",
        }.Concat(_options.IsLoad ? ["exits.repeat-window=0s", "exits.requests-per-minute-max=0"] : []).Concat(JournalSettings(member)).Concat(_options.NodeSettings).SelectMany(setting => new[] { "--set", setting }),
    ];

    private string ExchangeHost => Network?.Address ?? OutsideHost;

    /// <summary>The operator's terminal, on this stack's node.</summary>
    internal Task<(int Status, string Output)> PbmAsync(params string[] arguments) =>
        RunPbmAsync([.. arguments, .. Journal is not null && arguments[0] == "journal" ? new[] { "--postgres", Journal.Connection } : ["--data", Data]]);

    private Task<(int Status, string Output)> RunPbmAsync(params string[] arguments) => ManagedProcess.RunAsync(Binary("Operator.Cli", "pbm"), arguments);

    /// <summary>The operator's terminal, whose answer must be JSON and status 0. A database that is too busy to let it in is asked again.</summary>
    internal async Task<JsonNode> PbmJsonAsync(params string[] arguments)
    {
        var (status, output) = await PbmAsync([.. arguments, "--json"]);
        for (var again = 0; again < PbmRetries && status != 0 && output.Contains("cannot be reached", StringComparison.Ordinal); again++)
        {
            (status, output) = await PbmAsync([.. arguments, "--json"]);
        }

        Expect.That(status == 0, $"pbm {string.Join(' ', arguments)} ends with status 0; found {status}: {output}");
        return JsonNode.Parse(output)!;
    }

    /// <summary>Waits until both sessions with the exchange trade.</summary>
    internal async Task WaitUntilTradingAsync()
    {
        await Eventually.HoldsAsync("both exchange sessions trade", TimeSpan.FromSeconds(60), async () =>
        {
            var status = JsonNode.Parse(await _http.GetStringAsync(new Uri(Gateway, "/status")))!["data"]!;
            return status["exchange"]!.AsArray().All(link => (bool)link!["trading"]!);
        });
    }

    /// <summary>The exchange sessions as the operator's port tells them; none while the node is away.</summary>
    internal async Task<IReadOnlyList<TapState>> TapAsync()
    {
        var links = (await _serving.ManageAsync("tap")).AsArray();
        return [.. links.Select(link => TapState.Of(link!))];
    }

    /// <summary>Tells the simulator to behave in some way.</summary>
    /// <returns>What it answers, JSON or nothing.</returns>
    internal async Task<string> ControlAsync(string what, object body)
    {
        using var content = new StringContent(System.Text.Json.JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(Simulator, $"/control/{what}"), content);
        var answer = await response.Content.ReadAsStringAsync();
        Expect.That(response.IsSuccessStatusCode, $"the simulator takes /control/{what}; found {(int)response.StatusCode} {answer}");
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var process in _members.Select(member => member.Process).Append(_door).OfType<ManagedProcess>())
        {
            await process.DisposeAsync();
        }

        Array.ForEach(_members, member => member.Dispose());
        _authority?.Dispose();
        await (Journal?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync();
        }

        await (Proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Network?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Nodes?.DisposeAsync() ?? ValueTask.CompletedTask);
        Farewell.ForgetFolder(Folder);
        if (!KeepsFolder)
        {
            Directory.Delete(Folder, recursive: true);
            return;
        }

        foreach (var member in _members)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, $"{member.Name}.out"), member.Process?.Output ?? "");
        }

        await File.WriteAllTextAsync(Path.Combine(Folder, "simulator.out"), _simulator?.Output ?? "");
    }

    /// <summary>A program as it was built.</summary>
    internal string Binary(string project, string name, string? root = null) =>
        Path.Combine(root ?? Root, "src", project, "bin", Repository.Configuration, "net10.0", name);

    private string WebRoot() => Path.Combine(Root, "src/Gateway.Web/dist") is var dist && Directory.Exists(dist) ? dist : "";
}
