using System;
using System.IO;

namespace WhopLicense.Tests
{
    /// <summary>Where the tests find what they share with other languages.</summary>
    internal static class Repository
    {
        internal static string PathOf(string file)
        {
            DirectoryInfo? folder = new FileInfo(typeof(Repository).Assembly.Location).Directory;
            while (folder != null && !File.Exists(Path.Combine(folder.FullName, file)))
            {
                folder = folder.Parent;
            }
            return Path.Combine(
                folder?.FullName ?? throw new InvalidOperationException("the tests are not in the repository"), file);
        }
    }
}
