namespace Backup.Gateway.Api.Login;

/// <summary>
/// Who is meant by what somebody entered: a client id or a PAN. A name that is nobody's has codes and tries as a client's has, so that a stranger does
/// not learn from the answers who is a client here.
/// </summary>
internal sealed class LoginNames(IClientDirectory clients, OneTimeCodes codes, GatewayOptions options, TimeProvider clock)
{
    internal const int LengthMax = 10;
    private const int StrangersMax = 50_000;
    private readonly OneTimeCodes _strangers = new(options, clock, StrangersMax);

    internal LoginName Resolve(string? entered)
    {
        var name = entered?.Trim().ToUpperInvariant() ?? "";
        var client = clients.Find(name) ?? (IsPan(name) ? clients.FindByPan(name) : null);
        return client is { Active: true } ? new LoginName(client.Id, client, codes) : new LoginName(name.Length <= LengthMax ? name : name[..LengthMax], null, _strangers);
    }

    /// <summary>Five letters, four digits, a letter.</summary>
    private static bool IsPan(string name) =>
        name.Length == 10 && name.AsSpan(0, 5).IndexOfAnyExceptInRange('A', 'Z') < 0 && name.AsSpan(5, 4).IndexOfAnyExceptInRange('0', '9') < 0 && name[9] is >= 'A' and <= 'Z';
}

/// <param name="Key">Whose codes and tries: the client's id, however he named himself.</param>
/// <param name="Client">Null: nobody's name.</param>
internal readonly record struct LoginName(string Key, GatewayClient? Client, OneTimeCodes Codes);
