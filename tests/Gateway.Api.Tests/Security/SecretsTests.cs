using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Backup.Gateway.Api.Login.Totp;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>What a login is made of is in no log line and in no record.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task After_every_kind_of_login_no_secret_of_it_is_in_the_log_or_the_journal()
    {
        using var log = new LogInHand();
        await using var door = await TradersDoor.OpenAsync(log: log);
        var secrets = new List<string> { door.World.Options.KiteApiSecret };

        var login = await door.LogInAsync("DEMO01");
        var app = await AuthenticatorApp.AddConfirmedAsync(door);
        secrets.AddRange([door.Codes.Sent["DEMO01"], login.Token, login.Cookie, TotpCode.Base32(app.Secret), app.Code(), app.Code(1)]);
        secrets.Add((string)(await SayAsync(door, "/session/token", $$"""{"client_id":"DEMO01","totp":"{{app.Code(1)}}"}""")).Data["access_token"]!);
        await SayAsync(door, "/session/token", $$"""{"client_id":"DEMO01","totp":"{{app.WrongCode()}}"}""");
        var fields = await KiteApp.FieldsAsync(door, "request_token");
        secrets.AddRange(JsonNode.Parse(fields)!.AsObject().Where(field => field.Key != "api_key").Select(field => (string)field.Value!));
        var kite = (await SayAsync(door, "/session/token", fields)).Data;
        secrets.AddRange([(string)kite["access_token"]!, (string)kite["refresh_token"]!]);
        await StaffLogins.AddAsync(door);
        secrets.AddRange([StaffLogins.Password, "not her password", (await door.Staff.FindAsync("asha", default))!.PasswordHash]);
        await StaffLogins.LogInAsync(door, password: "not her password");
        var desk = await StaffLogins.LogInAsync(door);
        secrets.AddRange([(string)desk.Data["access_token"]!, desk.Headers["Set-Cookie"].Split(';')[0]]);
        await StaffLogins.LogInAsync(door, name: "a secret in the wrong field", password: "eight purple barges");
        secrets.AddRange(["a secret in the wrong field", "eight purple barges"]);
        await door.SendAsync("POST", "/session/token", null, """{"client_id":"DEMO01","pass_word":"orange sails at noon"}""");
        await door.SendAsync("POST", "/session/token", null, """{"client_id":"DEMO01","code":orange sails at noon}""");
        secrets.AddRange(["pass_word", "orange sails at noon"]);
        (string, string)[] headers = [("X-Act-For", "DEMO01"), ("X-Evidence", "CALL-1")];
        Assert.Equal(HttpStatusCode.OK, (await door.SendWithTokenAsync("POST", "/exits", (string)desk.Data["access_token"]!, Refusals.Situations.OneLot, "desk", headers: headers)).Status);
        door.Codes.IsDown = true;
        door.World.Clock.Advance(door.World.Options.CodeResendAfter);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SayAsync(door, "/session/otp", """{"client_id":"DEMO01"}""")).Status);
        secrets.Add(door.Codes.Sent["DEMO01"]);
        await door.SendWithTokenAsync("POST", "/exits", login.Token, """{"all":true,"mode":"full"}""", "one");
        await door.SendWithTokenAsync("GET", $"/ws?access_token={login.Token}", null);
        door.Sessions.IsAway = true;
        door.World.Clock.Advance(TimeSpan.FromSeconds(5));
        await door.SendWithTokenAsync("POST", "/session/logout", login.Token);

        Assert.Contains(log.Lines, line => line.StartsWith("Client DEMO01 has logged in from 127.0.0.1: tests/1", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("A login as DEMO01 was refused", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("DEMO01 has added an authenticator app", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("asha of the staff (assisted-desk) has logged in from 127.0.0.1", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("A login of the staff as asha was refused", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("A login of the staff as nobody was refused", StringComparison.Ordinal));
        Assert.Contains(log.Lines, line => line.StartsWith("asha (assisted-desk) asks for client DEMO01, evidence CALL-1: POST /exits", StringComparison.Ordinal));
        var records = new StringBuilder();
        await foreach (var record in door.World.Journal.ReadAllAsync(default))
        {
            records.AppendLine(Encoding.UTF8.GetString(record.Record.Payload.Span));
        }

        Assert.NotEqual(0, records.Length);
        var written = string.Join('\n', log.Lines) + records;
        Assert.All(secrets, secret =>
        {
            Assert.True(secret.Length >= 6);
            // A code by itself, not six digits of a longer number.
            Assert.DoesNotMatch($"(?<![0-9A-Za-z]){Regex.Escape(secret)}(?![0-9A-Za-z])", written);
        });
    }

    [Fact]
    public async Task What_is_kept_of_an_authenticator_does_not_show_its_secret()
    {
        await using var door = await TradersDoor.OpenAsync();
        var app = await AuthenticatorApp.AddConfirmedAsync(door);

        var kept = (await door.Authenticators.FindAsync("DEMO01", default))!.Secret.ToArray();

        Assert.Equal(-1, kept.AsSpan().IndexOf(app.Secret));
        Assert.Equal(1 + 12 + 20 + 16, kept.Length);
    }

    private static Task<Answer> SayAsync(TradersDoor door, string path, string body) => door.SendAsync("POST", path, null, body);

    /// <summary>Every line, at every level, as a sink would write it.</summary>
    private sealed class LogInHand : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
