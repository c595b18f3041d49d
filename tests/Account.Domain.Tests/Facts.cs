using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Backup.Account.Domain.Tests;

/// <summary>
/// All that a record holds, as text: records with collections in them are not equal to their like. Goes by reflection, so that it forgets no
/// property that is added later.
/// </summary>
internal static class Facts
{
    internal static string Of(object? value) => Append(new StringBuilder(), value, null).ToString();

    /// <summary>Properties that say nothing in any of the values: null, zero, false, nothing in it.</summary>
    internal static IEnumerable<string> Silent(params IEnumerable<object> values)
    {
        var spoken = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            Append(new StringBuilder(), value, (property, said) =>
            {
                var name = $"{property.DeclaringType!.Name}.{property.Name}";
                spoken[name] = spoken.GetValueOrDefault(name) || said is not ("null" or "0" or "False" or "[]" or "\"\"");
            });
        }

        return spoken.Where(one => !one.Value).Select(one => one.Key).Order(StringComparer.Ordinal);
    }

    private static StringBuilder Append(StringBuilder text, object? value, Action<PropertyInfo, string>? told) => value switch
    {
        null => text.Append("null"),
        string words => text.Append('"').Append(words).Append('"'),
        DateTimeOffset at => text.Append(at.ToString("O")),
        IEnumerable when IsDefaultArray(value) => text.Append("null"),
        IEnumerable items => AppendItems(text, items, told),
        ITuple tuple => AppendItems(text, Enumerable.Range(0, tuple.Length).Select(place => tuple[place]), told),
        _ when IsOurs(value.GetType()) => AppendProperties(text, value, told),
        _ => text.Append(value),
    };

    private static StringBuilder AppendItems(StringBuilder text, IEnumerable items, Action<PropertyInfo, string>? told)
    {
        var texts = new List<string>();
        foreach (var item in items)
        {
            var isPair = item?.GetType() is { IsGenericType: true } one && one.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);
            object? Part(string name) => item!.GetType().GetProperty(name)!.GetValue(item);
            texts.Add(isPair ? $"{Append(new StringBuilder(), Part("Key"), told)}: {Append(new StringBuilder(), Part("Value"), told)}" : Append(new StringBuilder(), item, told).ToString());
        }

        // The order of an unsorted dictionary or set is not a fact.
        var type = items.GetType();
        if (type.Name.StartsWith("ImmutableDictionary", StringComparison.Ordinal) || type.Name.StartsWith("ImmutableHashSet", StringComparison.Ordinal))
        {
            texts.Sort(StringComparer.Ordinal);
        }

        return text.Append('[').AppendJoin(", ", texts).Append(']');
    }

    private static StringBuilder AppendProperties(StringBuilder text, object value, Action<PropertyInfo, string>? told)
    {
        text.Append(value.GetType().Name).Append('{');
        foreach (var property in value.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var said = Append(new StringBuilder(), property.GetValue(value), told).ToString();
            told?.Invoke(property, said);
            text.Append(property.Name).Append('=').Append(said).Append(' ');
        }

        return text.Append('}');
    }

    private static bool IsDefaultArray(object value) => value.GetType().GetProperty("IsDefault")?.GetValue(value) is true;

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("Backup.", StringComparison.Ordinal) == true && !type.IsEnum;
}
