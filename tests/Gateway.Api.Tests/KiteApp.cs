using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Backup.Gateway.Api.Tests;

/// <summary>An app of Kite Connect, as its official client opens a session.</summary>
internal static class KiteApp
{
    internal const string Key = "app";

    /// <summary>The fields with which the app asks for a session, or for another one, after the client has logged in.</summary>
    internal static async Task<string> FieldsAsync(TradersDoor door, string name)
    {
        var request = Fields("request_token", await RequestTokenAsync(door));
        return name == "request_token" ? request : Fields(name, (string)(await door.SendAsync("POST", "/session/token", null, request)).Data[name]!);
    }

    internal static async Task<string> RequestTokenAsync(TradersDoor door)
    {
        await door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        var body = new JsonObject { ["client_id"] = "DEMO01", ["code"] = door.Codes.Sent["DEMO01"], ["api_key"] = Key };
        return (string)(await door.SendAsync("POST", "/session/request-token", null, body.ToJsonString())).Data["request_token"]!;
    }

    internal static string Fields(string name, string token, string secret = "nobody knows") => new JsonObject
    {
        ["api_key"] = Key,
        [name] = token,
        ["checksum"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Key}{token}{secret}"))),
    }.ToJsonString();
}
