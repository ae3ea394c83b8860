using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WhopLicense.Tests
{
    /// <summary>A server that shows what was asked and answers when it is told.</summary>
    internal sealed class Peer : IDisposable
    {
        /// <summary>The device that a license of <see cref="Membership"/> is bound to.</summary>
        internal const string Device = "{\"hwid\":\"this-device\"}";

        private const int Patience = 10000;

        private readonly TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
        private TcpClient? connection;

        internal Peer() => listener.Start();

        private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        /// <summary>The request that was received last, without its body.</summary>
        internal string Head { get; private set; } = "";

        /// <summary>A license with the key K that entitles on <see cref="Device"/>.</summary>
        internal static string Membership(WhopApi api, string metadata = Device) => api == WhopApi.V2
            ? "{\"id\":\"mem_1\",\"valid\":true}"
            : "{\"id\":\"mem_1\",\"license_key\":\"K\",\"status\":\"active\",\"metadata\":" + metadata + "}";

        internal WhopClient Client(WhopApi? api = null, Action<WhopClientOptions>? configure = null)
        {
            var options = new WhopClientOptions
            {
                Api = api,
                BaseUrl = "http://127.0.0.1:" + Port + "/api",
                MaxRetries = 0,
            };
            configure?.Invoke(options);
            return new WhopClient("a_key", options);
        }

        /// <summary>Waits for a request, and returns its body.</summary>
        internal string Receive()
        {
            if (!listener.Server.Poll(Patience * 1000, SelectMode.SelectRead))
            {
                throw new TimeoutException("no request came");
            }
            connection = listener.AcceptTcpClient();
            connection.ReceiveTimeout = Patience;
            NetworkStream stream = connection.GetStream();
            int length = 0;
            Head = "";
            for (string line = ReadLine(stream); line.Length > 0; line = ReadLine(stream))
            {
                Head += line + "\n";
                if (line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
                {
                    length = int.Parse(line.Substring("content-length:".Length));
                }
            }
            var body = new byte[length];
            for (int read = 0; read < length;)
            {
                read += stream.Read(body, read, length - read);
            }
            return Encoding.UTF8.GetString(body);
        }

        internal void Answer(string json, string status = "201 Created")
        {
            byte[] body = Encoding.UTF8.GetBytes(json);
            byte[] head = Encoding.ASCII.GetBytes(
                "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + body.Length + "\r\n\r\n");
            NetworkStream stream = connection!.GetStream();
            stream.Write(head, 0, head.Length);
            stream.Write(body, 0, body.Length);
            Drop();
        }

        /// <summary>Closes the connection without an answer.</summary>
        internal void Drop() => connection!.Close();

        public void Dispose()
        {
            connection?.Close();
            listener.Stop();
        }

        private static string ReadLine(Stream stream)
        {
            var line = new StringBuilder();
            for (int c = stream.ReadByte(); c != '\n'; c = stream.ReadByte())
            {
                if (c < 0)
                {
                    throw new EndOfStreamException();
                }
                line.Append((char)c);
            }
            return line.ToString().TrimEnd('\r');
        }
    }
}
