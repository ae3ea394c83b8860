using System;
using System.IO;

namespace WhopLicense.Tests
{
    /// <summary>A folder with a path for a lease file in it, gone when disposed.</summary>
    internal sealed class LeaseFolder : IDisposable
    {
        internal LeaseFolder() => Directory.CreateDirectory(Folder);

        internal string Folder { get; } = Path.Combine(Path.GetTempPath(), "whop-" + Guid.NewGuid().ToString("N"));

        internal string LeaseFile => Path.Combine(Folder, "license \u00fc.lease");

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
