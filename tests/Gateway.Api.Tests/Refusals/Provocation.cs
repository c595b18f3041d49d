using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Actor.Kernel.Entities;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>A way to be told no: what has happened before, and the request that is refused.</summary>
/// <param name="Code">The refusal that it must meet; null for a no that is not the rulebook's.</param>
/// <param name="Operation">Method and route, as the API's document names them.</param>
/// <param name="When">In words, for a person who looks the refusal up.</param>
/// <param name="Path">What is asked; {orderId} stands for the order that <see cref="Before"/> hands over.</param>
internal sealed record Provocation(RefusalCode? Code, string Operation, string When, string Path, string? Body = null)
{
    internal const string Client = "DEMO01";

    /// <summary>Names the example; a refusal's name where it is one.</summary>
    internal string Name { get; init; } = Code?.ToString() ?? "";

    internal string? Key { get; init; }

    internal TradingRules? Rules { get; init; }

    /// <summary>Whose token goes with the request; null for none.</summary>
    internal string? AskedBy { get; init; } = Client;

    /// <summary>Makes the situation, and hands over the order that it is about, if it is about one.</summary>
    internal Func<TradersDoor, Task<string>>? Before { get; init; }

    /// <summary>Where the operation stands for many, any one of them is asked.</summary>
    private string Method => Operation[..Operation.IndexOf(' ', StringComparison.Ordinal)] is var first && first == "every" ? AnyMethod : first;

    /// <summary>With which method, where the operation stands for many.</summary>
    internal string AnyMethod { get; init; } = "GET";

    internal (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>What a region says that cannot answer; null for one that can.</summary>
    internal AskStatus? Silence { get; init; }

    internal async Task<Answer> ProvokeAsync()
    {
        await using var door = await TradersDoor.OpenAsync(Rules, isOneClock: true, Silence);
        var order = Before is null ? "" : await Before(door);
        return await door.SendWithTokenAsync(
            Method, Path.Replace("{orderId}", order, StringComparison.Ordinal), AskedBy is null ? null : door.TokenOf(AskedBy), Body, Key, headers: Headers);
    }
}
