import Foundation
import TestOrigin

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// nginx or HAProxy in the foreground, with a configuration and files of its own in a temporary folder.
final class ServerProcess: Sendable {
    private struct NotServing: Error {}

    private let process: Process
    private let folder: URL

    private init(process: Process, folder: URL) {
        self.process = process
        self.folder = folder
    }

    static func path(of kind: DifferentialPeer.Kind) -> String? {
        ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"].map {
            "\($0)/\(kind.rawValue)"
        }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The first line of what it says of its version; `nil` when it is not there.
    static func version(of kind: DifferentialPeer.Kind) throws -> String? {
        guard let path = self.path(of: kind) else { return nil }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["-v"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let words = String(decoding: data, as: UTF8.self).split { $0 == " " || $0 == "\n" || $0 == "/" }
        return words.first { $0.first?.isNumber == true }.map(String.init)
    }

    static func start(_ kind: DifferentialPeer.Kind, port: Int, originPort: Int) throws -> ServerProcess? {
        guard let path = self.path(of: kind) else { return nil }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("differential-\(port)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("configuration")
        let text =
            kind == .nginx
            ? Self.nginx(folder.path, port, originPort) : Self.haproxy(port, originPort)
        try Data(text.utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments =
            kind == .nginx
            ? ["-p", folder.path, "-e", "\(folder.path)/error.log", "-c", file.path] : ["-f", file.path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return ServerProcess(process: process, folder: folder)
    }

    func waitUntilServing(port: Int) async throws {
        for _ in 0..<500 {
            if let client = try? await RawClient.connect(port: port) {
                client.close()
                return
            }
            guard self.process.isRunning else { throw NotServing() }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NotServing()
    }

    func stop() {
        // They inherit a thread's blocked signals, SIGTERM among them, and keep nothing that an orderly end would save.
        kill(self.process.processIdentifier, SIGKILL)
        self.process.waitUntilExit()
        try? FileManager.default.removeItem(at: self.folder)
    }

    private static func nginx(_ folder: String, _ port: Int, _ originPort: Int) -> String {
        """
        daemon off; master_process off; pid \(folder)/pid; error_log \(folder)/error.log crit;
        events { worker_connections 256; }
        http {
          access_log off; client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
          fastcgi_temp_path \(folder)/f; uwsgi_temp_path \(folder)/u; scgi_temp_path \(folder)/s;
          client_header_timeout 1s; client_body_timeout 1s; keepalive_timeout 1s; lingering_timeout 1s;
          upstream origin { server 127.0.0.1:\(originPort); keepalive 8; }
          server {
            listen 127.0.0.1:\(port);
            location / {
              proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
              proxy_request_buffering off; proxy_next_upstream off; proxy_read_timeout 1s; proxy_send_timeout 1s;
            }
          }
        }
        """
    }

    private static func haproxy(_ port: Int, _ originPort: Int) -> String {
        """
        defaults
          mode http
          retries 0
          timeout client 1s
          timeout http-request 1s
          timeout http-keep-alive 1s
          timeout connect 1s
          timeout server 1s
        listen proxy
          bind 127.0.0.1:\(port)
          server origin 127.0.0.1:\(originPort)

        """
    }
}
