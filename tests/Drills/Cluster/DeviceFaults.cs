using System.Text.Json.Nodes;
using Backup.Drills.Faults;
using Backup.Drills.Records;

namespace Backup.Drills.Cluster;

/// <summary>One client asks at several nodes at once; he has a part of his own in the load.</summary>
internal abstract class DeviceFault : IFault
{
    private const int Rounds = 6;
    private IReadOnlyList<Trader> _clients = [];
    private int _tries;

    public abstract string Name { get; }

    public abstract string Means { get; }

    public abstract string Measured { get; }

    /// <summary>The clients' own record.</summary>
    protected ClientRecord Record { get; private set; } = null!;

    public void Meet(IReadOnlyList<Trader> traders, ClientRecord record) => (_clients, Record) = (traders, record);

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        for (var round = 0; round < Rounds; round++)
        {
            if (await FindAsync(dice) is var (client, position))
            {
                var nodes = stack.Members.OrderBy(_ => dice.Next(1000)).Select(member => member.Gateway).ToArray();
                await PlayAsync(client, position, nodes, $"{Name}-{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}-{++_tries}", dice);
            }

            await Moments.PauseAsync(dice, 50, 150, stop);
        }
    }

    public abstract IEnumerable<string> Judge(Evidence evidence);

    public abstract bool WasFelt(Evidence evidence);

    /// <summary>One round, with a key that nobody has used.</summary>
    protected abstract Task PlayAsync(Trader client, JsonNode position, IReadOnlyList<Uri> nodes, string key, SeededDice dice);

    /// <summary>Asks to exit and writes down what was told.</summary>
    /// <returns>What was told, and the orders' ids when it was acknowledged.</returns>
    protected async Task<(Told Told, string Orders)> ExitAsync(Trader device, string key, JsonNode position, long quantity)
    {
        Record.Ask(device.ClientId, "exit", key);
        try
        {
            var answer = await device.ExitAsync(key, position, "quantity", quantity);
            var told = (int)answer.Status switch { 200 => Told.Done, 504 => Told.Nothing, _ => Told.Refused };
            Record.Answer(device.ClientId, "exit", key, told, answer.Message);
            return (told, told == Told.Done ? string.Join(' ', answer.Data["orders"]!.AsArray().Select(order => (string)order!["order_id"]!)) : "");
        }
        catch (Exception gone) when (Trader.IsAway(gone))
        {
            Record.Answer(device.ClientId, "exit", key, Told.Nothing, gone.Message);
            return (Told.Nothing, "");
        }
    }

    private async Task<(Trader Client, JsonNode Position)?> FindAsync(SeededDice dice)
    {
        for (var tries = 0; tries < _clients.Count; tries++)
        {
            var client = _clients[dice.Next(_clients.Count)];
            try
            {
                if ((await client.PositionsAsync()).FirstOrDefault(held => (long)held!["closable_quantity"]! > 0) is { } position)
                {
                    return (client, position);
                }
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                // Another one then.
            }
        }

        return null;
    }
}

/// <summary>The same request with the same key at two nodes at once, and at a third after giving up waiting: one exit, whoever answers.</summary>
internal sealed class SameKeyTwice : DeviceFault
{
    private readonly Dictionary<string, string> _orders = new(StringComparer.Ordinal);
    private readonly List<string> _defects = [];
    private int _together;
    private int _givenUp;

    public override string Name => "F29-same-key-twice";

    public override string Means => "the same request with the same key at two nodes at once, and at a third after a timeout: one exit";

    public override string Measured => $"{_together} keys acknowledged by several nodes, {_givenUp} asked again after a timeout";

    public override IEnumerable<string> Judge(Evidence evidence)
    {
        foreach (var (key, orders) in _orders)
        {
            var plans = evidence.Journal.Where(record => record.Name == "PlanAccepted" && (string?)record.Payload["planId"] == key).ToList();
            var placed = string.Join(' ', evidence.Journal
                .Where(record => record.Name == "OrderAccepted" && (string?)record.Payload["exitId"] == key)
                .Select(record => $"{record.Account}-{record.Sequence}"));
            if (plans.Count != 1 || placed != orders)
            {
                yield return $"P3 the key {key} became {plans.Count} exits with the orders {placed}; the client was told of {orders}";
            }
        }

        foreach (var defect in _defects)
        {
            yield return defect;
        }
    }

    public override bool WasFelt(Evidence evidence) => _together > 0 && _givenUp > 0;

    protected override async Task PlayAsync(Trader client, JsonNode position, IReadOnlyList<Uri> nodes, string key, SeededDice dice)
    {
        var quantity = Math.Min((long)position["closable_quantity"]!, (long)position["lot_size"]!);
        using var hasty = client.At(nodes[0], TimeSpan.FromMilliseconds(1 + dice.Next(15)));
        using var one = client.At(nodes[1]);
        using var other = client.At(nodes[2]);
        if ((await ExitAsync(hasty, key, position, quantity)).Told == Told.Nothing)
        {
            _givenUp++;
        }

        var answers = await Task.WhenAll(ExitAsync(one, key, position, quantity), ExitAsync(other, key, position, quantity));
        var done = answers.Where(answer => answer.Told == Told.Done).Select(answer => answer.Orders).ToArray();
        if (done.Distinct(StringComparer.Ordinal).Count() > 1)
        {
            _defects.Add($"P3 two nodes made different orders of the key {key} of {client.ClientId}: {string.Join(" and ", done)}");
        }

        if (done.Length > 0)
        {
            _orders[key] = done[0];
            _together += done.Length > 1 ? 1 : 0;
        }
    }
}

/// <summary>Two devices at two nodes exit the whole of one position at the same moment: one gets it, the other hears no.</summary>
internal sealed class TwoDevices : DeviceFault
{
    private int _races;

    public override string Name => "F30-two-devices";

    public override string Means => "two devices at two nodes exit the whole of one position at once: at most one gets it";

    public override string Measured => $"{_races} races won by one device";

    /// <summary>Whether any order passed the position is judged from the three records, as always (P4).</summary>
    public override IEnumerable<string> Judge(Evidence evidence) => [];

    public override bool WasFelt(Evidence evidence) => _races > 0;

    protected override async Task PlayAsync(Trader client, JsonNode position, IReadOnlyList<Uri> nodes, string key, SeededDice dice)
    {
        var whole = (long)position["closable_quantity"]!;
        using var one = client.At(nodes[0]);
        using var other = client.At(nodes[1]);
        var answers = await Task.WhenAll(ExitAsync(one, $"{key}-a", position, whole), ExitAsync(other, $"{key}-b", position, whole));
        var done = answers.Count(answer => answer.Told == Told.Done);
        _races += done == 1 && answers.Any(answer => answer.Told == Told.Refused) ? 1 : 0;
    }
}
