import LocalState
import OperatingSystem
package import WorkerDomain

/// A project like the user's own, with local state as `wrangler dev` leaves it.
package struct DemoProject: Sendable {
    package static let name = "x12523-site"
    /// The D1 database's id, which names its file.
    package static let databaseID = "66bd8675-ff3c-40db-9a12-10f554000244"
    package static let uploadsBucket = "resume-uploads"
    package static let exportsBucket = "resume-exports"

    /// The folder that holds it, without a `/` at the end.
    package let folder: String
    private let writer: MiniflareStateWriter

    /// Writes the whole project into a folder that has none.
    /// - Parameters:
    ///   - folder: Made when it is not there.
    ///   - backends: Written to `worker-console.toml`; the first one is active.
    /// - Returns: The project.
    /// - Throws: `StorageError` of the state, or a file error of the system.
    package static func create(in folder: String, backends: [Backend] = []) throws -> DemoProject {
        let project = try self.prepare(in: folder, backends: backends)
        try project.fill()
        return project
    }

    /// Writes the project's files and stores with nothing in them: what it takes to open the console on it.
    /// - Parameters:
    ///   - folder: Made when it is not there.
    ///   - backends: Written to `worker-console.toml`; the first one is active.
    /// - Returns: The project.
    /// - Throws: `StorageError` of the state, or a file error of the system.
    package static func prepare(in folder: String, backends: [Backend] = []) throws -> DemoProject {
        try Folders.make(folder)
        let files = [
            ("wrangler.toml", self.wrangler + self.variables), ("worker.py", self.worker),
            (".dev.vars", self.developmentVariables(backends)),
            ("worker-console.toml", self.console(backends)),
        ]
        for (name, text) in files {
            try FileOutput.put(Array(text.utf8), at: "\(folder)/\(name)")
        }
        try Folders.make(folder + "/migrations")
        for migration in DemoDatabase.migrations {
            try FileOutput.put(Array(migration.text.utf8), at: "\(folder)/migrations/\(migration.name)")
        }
        let writer = try MiniflareStateWriter(projectFolder: folder)
        try writer.run([], inDatabase: self.databaseID)
        for bucket in [self.uploadsBucket, self.exportsBucket] { try writer.store([], inBucket: bucket) }
        return DemoProject(folder: folder, writer: writer)
    }

    /// Puts rows and objects into the stores.
    /// - Throws: `StorageError`.
    package func fill() throws(StorageError) {
        try self.writer.run(DemoDatabase.statements(), inDatabase: Self.databaseID)
        try self.writer.store(DemoObjects.uploads(), inBucket: Self.uploadsBucket)
        try self.writer.store(DemoObjects.exports(), inBucket: Self.exportsBucket)
    }

    /// Removes the folder and everything in it.
    package func remove() { try? Folders.remove(self.folder) }

    private static let wrangler = """
        name = "\(name)"
        main = "worker.py"
        compatibility_date = "2025-12-23"
        compatibility_flags = ["python_workers"]

        [placement]
        mode = "smart"

        [[d1_databases]]
        binding = "DB"
        database_name = "jianliku"
        database_id = "\(databaseID)"

        [[r2_buckets]]
        binding = "UPLOADS_BUCKET"
        bucket_name = "\(uploadsBucket)"

        [[r2_buckets]]
        binding = "EXPORTS_BUCKET"
        bucket_name = "\(exportsBucket)"

        """

    /// What the Worker itself forwards to when it is deployed.
    private static let variables = "\n[vars]\nBACKEND_URL = \"https://api.resume.example.cn\"\n"

    /// What it forwards to when wrangler runs it here.
    private static func developmentVariables(_ backends: [Backend]) -> String {
        backends.first.map { "BACKEND_URL=\"\($0.url)\"\n" } ?? ""
    }

    private static let worker = """
        import traceback
        from urllib.parse import urlsplit

        from workers import Response, WorkerEntrypoint, fetch

        CORS = {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
            "Access-Control-Allow-Headers": "*",
        }


        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                if request.method == "OPTIONS":
                    return Response(None, status=204, headers=CORS)
                try:
                    parts = urlsplit(request.url)
                    target = self.env.BACKEND_URL + parts.path
                    if parts.query:
                        target += "?" + parts.query
                    answer = await fetch(target, method=request.method, headers=request.headers, body=request.body)
                    headers = dict(answer.headers)
                    headers.update(CORS)
                    return Response(answer.body, status=answer.status, headers=headers)
                except Exception:
                    traceback.print_exc()
                    return Response("Internal Server Error", status=500, headers=CORS)

        """

    private static func console(_ backends: [Backend]) -> String {
        var text = backends.first.map { "active = \"\($0.name)\"\n" } ?? ""
        for backend in backends { text += "\n[backends.\(backend.name)]\nurl = \"\(backend.url)\"\n" }
        return text
    }
}
