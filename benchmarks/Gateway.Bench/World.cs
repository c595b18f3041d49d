using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Prices;

namespace Backup.Gateway.Bench;

/// <summary>Accounts in memory, five positions each, of fifty contracts; no exchange.</summary>
internal sealed class World(GatewayOptions options) : IClientDirectory, IInstrumentMaster, ICodeSender, IExchangeLinks, IRegionObserver<AccountEffect>, IAsyncDisposable
{
    internal const int PositionsEach = 5;
    private const int ContractCount = 50;
    private const int FirstToken = 40000;
    private const long Quantity = 75_000;

    /// <summary>Who logs in meets an account that is not in memory.</summary>
    private static readonly TimeSpan ColdAfter = TimeSpan.FromSeconds(2);

    private static readonly AccountBehavior Behavior = new(TradingRules.Open);
    private readonly Contract[] _contracts = [.. Enumerable.Range(0, ContractCount).Select(ContractOf)];
    private readonly Dictionary<string, AccountState> _states = new(StringComparer.Ordinal);
    private EntityRegion<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect>? _region;
    private long _pushes;

    internal IEntityRegion<AccountCommand, AccountReply, AccountState> Region => _region!;

    internal PriceBook Prices { get; } = new();

    public IReadOnlyList<ListedInstrument> All => [.. _contracts.Select(contract => new ListedInstrument(contract, contract.Symbol))];

    public IReadOnlyList<ExchangeLinkState> States { get; } = [new("FO", "Trading", true, null, null)];

    internal static string NameOf(int client) => client.ToString("C00000", CultureInfo.InvariantCulture);

    internal static string SymbolOf(int client, int place) => $"NIFTY30DEC{20000 + (50 * (((client * PositionsEach) + place) % ContractCount))}CE";

    /// <summary>The state that an account began the day with.</summary>
    internal AccountState StateOf(int client) => _states[NameOf(client)];

    internal async Task OpenAsync(int clients)
    {
        _region = new(Behavior, Behavior, new MemoryJournal(), 1, TimeProvider.System, new RegionOptions { IdleTimeout = ColdAfter }, this);
        for (var client = 0; client < clients; client++)
        {
            var held = Enumerable.Range(0, PositionsEach).Select(place => new CarriedPosition(_contracts[((client * PositionsEach) + place) % ContractCount], "NRML", Quantity, 10000));
            var name = NameOf(client);
            await AskAsync(name, new AccountCommand.OpenDay(new DateOnly(2026, 11, 27), "bench", [.. held]));
            _states[name] = ((AccountReply.Shown)await AskAsync(name, new AccountCommand.Show())).State;
        }

        Push();
    }

    /// <summary>Every contract has a new price.</summary>
    internal void Push()
    {
        _pushes++;
        var now = DateTimeOffset.UtcNow;
        foreach (var contract in _contracts)
        {
            Prices.Set(contract.Segment, contract.ExchangeToken, 10_000 + (5 * ((_pushes + contract.ExchangeToken) % 200)), now, "bench");
        }
    }

    GatewayClient? IClientDirectory.Find(string clientId) =>
        _states.ContainsKey(clientId) ? new GatewayClient(clientId, "A client", "9800000001", "client@example.com", true) : null;

    GatewayClient? IClientDirectory.FindByPan(string pan) => null;

    public ListedInstrument? Find(string exchange, string tradingSymbol) => All.FirstOrDefault(one => one.Contract.TradingSymbol == tradingSymbol);

    public ListedInstrument? Find(long token) => All.FirstOrDefault(one => one.Contract.Token == token);

    public IReadOnlyList<string> Ways { get; } = ["SMS"];

    /// <summary>The newest code of each client: who logs in here has no telephone, and looks here.</summary>
    internal ConcurrentDictionary<string, string> Codes { get; } = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<string>> SendAsync(GatewayClient client, string code, TimeSpan goodFor, CancellationToken cancellationToken)
    {
        Codes[client.Id] = code;
        return Task.FromResult(Ways);
    }

    public Task TellAsync(GatewayClient client, string title, string text, CancellationToken cancellationToken) => Task.CompletedTask;

    public QueuePlace? PlaceOf(string account, ClientOrderId order) => null;

    public void Handle(string entityId, ImmutableArray<AccountEffect> effects)
    {
    }

    public void Quarantined(string entityId, string reason) => throw new InvalidOperationException($"{entityId}: {reason}");

    public void Defect(string entityId, Exception defect) => throw new InvalidOperationException(entityId, defect);

    public void Fenced(int shard) => throw new InvalidOperationException("nobody fences a measurement");

    public ValueTask DisposeAsync() => _region?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static Contract ContractOf(int place) => new(
        "NFO", SymbolOf(0, place), 10_000_000 + place, FirstToken + place, MarketSegment.Derivatives, ContractKind.Option, "OPTIDX", "NIFTY", "",
        new DateOnly(2030, 12, 31), 100L * (20000 + (50 * place)), "CE", 75, 5, 1800, 11000);

    private async Task<AccountReply> AskAsync(string client, AccountCommand command)
    {
        var result = await Region.AskAsync(client, command, options.AskDeadline);
        return result.IsAnswered ? result.Reply! : throw new InvalidOperationException($"{result.Status}: {result.Detail}");
    }
}
