using System.Security.Cryptography;
using System.Text;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Cluster.Node.Exchange;
using Backup.Cluster.Node.Gateway;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Settings;
using Backup.Continuity.ReferenceData;
using Backup.Exchange.Wire;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Live;
using Backup.Gateway.Api.Prices;

namespace Backup.Cluster.Node.Management;

/// <summary>
/// The operator's door: a port of its own on loopback, and a token that stands in the data folder, so that whoever may read
/// the folder may operate the node.
/// </summary>
internal static class ManagementEndpoints
{
    internal const string TokenFileName = "operator.token";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    internal static string CreateToken(string dataFolder)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        SecretFile.Write(Path.Combine(dataFolder, TokenFileName), token);
        return token;
    }

    /// <summary>Serves <c>/manage</c> on the management port only; every other port answers as if it did not exist.</summary>
    internal static void MapManagement(this WebApplication app, Func<int> managementPort, string token)
    {
        var expected = Encoding.ASCII.GetBytes($"Bearer {token}");
        app.UseWhen(
            context => context.Connection.LocalPort == managementPort() || context.Request.Path.StartsWithSegments("/manage", StringComparison.Ordinal),
            branch => branch.Use(async (context, next) =>
            {
                if (context.Connection.LocalPort != managementPort() || !context.Request.Path.StartsWithSegments("/manage", StringComparison.Ordinal))
                {
                    await Envelope.Refuse(StatusCodes.Status404NotFound, "GeneralException", "There is nothing here.").ExecuteAsync(context);
                    return;
                }

                if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(context.Request.Headers.Authorization.ToString()), expected))
                {
                    await Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", $"The operator's token is wrong. It stands in {TokenFileName} in the node's data folder.")
                        .ExecuteAsync(context);
                    return;
                }

                await next(context);
            }));
        var manage = app.MapGroup("/manage").AllowAnonymous();
        manage.MapGet("/cluster", ShowCluster);
        manage.MapCluster();
        manage.MapLogins();
        manage.MapNotice();
        manage.MapStaff();
        manage.MapGet("/tap", (ExchangeSessions sessions) => Envelope.Data(sessions.Statuses.Select(status => new
        {
            Segment = status.Segment.ToString(),
            State = sessions.IsPaused(status.Segment) ? "Paused" : status.State.ToString(),
            Link = status.Link?.ToString(),
            Status = status,
        })));
        manage.MapPost("/tap/{segment}/pause", (string segment, ExchangeSessions sessions) => Steer(segment, sessions.Pause));
        manage.MapPost("/tap/{segment}/resume", (string segment, ExchangeSessions sessions) => Steer(segment, sessions.Resume));
        manage.MapPost("/tap/{segment}/kill-switch", KillAsync);
        manage.MapGet("/tap/{segment}/capture", (string segment, ExchangeSessions sessions) => SegmentOf(segment) is { } known && sessions.Captured(known) is { } frames
            ? Envelope.Data(frames)
            : NoSession(segment));
        manage.MapGet("/prices", (IEnumerable<IPriceFeed> feeds) => Envelope.Data(feeds.Select(feed => feed.Status)));
        manage.MapGet("/accounts/{account}", ShowAccountAsync);
        manage.MapPost("/accounts/{account}/orders/{order}/lapse", LapseAsync);
    }

    private static IResult Steer(string name, Func<Segment, bool> act) =>
        SegmentOf(name) is { } known && act(known) ? Envelope.Data(new { Segment = known.ToString() }) : NoSession(name);

    private static async Task<IResult> KillAsync(string segment, ExchangeSessions sessions, CancellationToken stop) =>
        SegmentOf(segment) is { } known && await sessions.KillAsync(known, stop) is { } outcome
            ? outcome.IsDone
                ? Envelope.Data(new { Segment = known.ToString(), outcome.Words })
                : Envelope.Refuse(StatusCodes.Status409Conflict, "NetworkException", $"The kill switch did not work: {outcome.Words} Orders of the segment are held back; resume them with pbm tap resume.")
            : NoSession(segment);

    private static Segment? SegmentOf(string name) => name switch { "cm" => Segment.CapitalMarket, "fo" => Segment.FuturesAndOptions, _ => null };

    private static IResult NoSession(string name) => Envelope.Refuse(
        StatusCodes.Status404NotFound, "InputException", $"This node has no exchange session {name}; expected cm or fo, switched on in its settings.");

    private static async Task<IResult> LapseAsync(
        string account, string order, LapseRequest request, IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, CancellationToken stop)
    {
        if (!ClientOrderId.TryParse(account, order, out var id))
        {
            return Envelope.Refuse(StatusCodes.Status404NotFound, "InputException", $"{order} is no order of {account}; expected {account}-NUMBER.");
        }

        var result = await accounts.AskAsync(account, new AccountCommand.LapseOrder(id, request.By ?? "", request.Confirmation ?? ""), Deadline, stop);
        return result switch
        {
            { Reply: AccountReply.Done } => Envelope.Data(new { OrderId = order }),
            { Reply: AccountReply.Refused { Refusal: var refusal } } => Envelope.Refuse(StatusCodes.Status409Conflict, "OrderException", refusal.Message),
            _ => Envelope.Refuse(StatusCodes.Status503ServiceUnavailable, "GeneralException", $"Account {account}: {result.Status}. {result.Detail}"),
        };
    }

    private static IResult ShowCluster(
        NodeSettings settings, AccountRegion accounts, IOwnership ownership, ReferenceDataset dataset,
        ExchangeSessions sessions, NodeInfo info, TimeProvider clock) => Envelope.Data(new
        {
            Nodes = new[]
            {
                new
                {
                    settings.Name,
                    State = ownership.IsServing ? "Up" : ownership is { Cluster: null, Trouble: not null } ? "Stopping" : "Waiting",
                    ownership.Standing,
                    Roles = settings.Roles.Order(StringComparer.Ordinal),
                    Pid = Environment.ProcessId,
                    info.Version,
                    info.StartedAt,
                    UptimeSeconds = (long)(clock.GetUtcNow() - info.StartedAt).TotalSeconds,
                    Epoch = accounts.Region.Shards.Values.DefaultIfEmpty().Max(),
                    Shards = accounts.Region.Shards.Count,
                    AccountsInMemory = accounts.Region.ActiveCount,
                    accounts.Region.Quarantined,
                    JournalRecords = accounts.Region.Records,
                    JournalCommits = accounts.Region.Commits,
                    JournalTrouble = ownership.Trouble,
                    accounts.Region.Snapshots,
                },
            },
            dataset.BusinessDate,
            dataset.DatasetHash,
            Clients = dataset.Clients.Count,
            Positions = dataset.Positions.Count,
            Exchange = sessions.States,
            Members = ownership.Cluster is { } cluster ? ClusterEndpoints.LiveMembers(cluster) : null,
        });

    private static async Task<IResult> ShowAccountAsync(
        string account, IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, ReferenceDataset dataset, PortfolioSources sources,
        CancellationToken stop)
    {
        if (dataset.FindClient(account) is null)
        {
            return Envelope.Refuse(StatusCodes.Status404NotFound, "InputException", $"No client {account} in the dataset of {dataset.BusinessDate:yyyy-MM-dd}.");
        }

        var result = await accounts.AskAsync(account, new AccountCommand.Show(), Deadline, stop);
        if (result.Reply is not AccountReply.Shown { State: var state })
        {
            return Envelope.Refuse(StatusCodes.Status503ServiceUnavailable, "GeneralException", $"Account {account}: {result.Status}. {result.Detail}");
        }

        var now = sources.Clock.GetUtcNow();
        return Envelope.Data(new
        {
            Account = account,
            state.BusinessDate,
            Events = state.Version,
            Working = state.Working.Count,
            Positions = state.Positions.Values.Where(position => !position.IsPlaceOnly).Select(position => PositionView.Of(state, position, sources, now)),
            Orders = state.Orders.Values.Select(order => OrderView.Of(state, order, sources.Links)),
        });
    }
}

/// <summary>Who settles an unknown order, and what the exchange gave him as proof.</summary>
internal sealed record LapseRequest(string? By, string? Confirmation);
