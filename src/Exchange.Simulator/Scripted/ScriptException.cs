namespace Backup.Exchange.Simulator.Scripted;

/// <summary>The script cannot be read, or the member did not do what it expects. The message begins with file and line.</summary>
public sealed class ScriptException(string message) : Exception(message);
