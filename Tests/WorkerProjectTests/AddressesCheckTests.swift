import Foundation
import Testing
import WorkerDomain

@testable import WorkerProject

@Suite("Addresses that Cloudflare cannot reach")
struct AddressesCheckTests {
    @Test("a secret in vars is not shown")
    func secret() async throws {
        let result = try await self.result([
            "wrangler.toml": Self.head
                + "[vars]\nDB_URL = \"jdbc:sqlserver://localhost:1433;user=sa;password=Hunter2xyz\"\n",
            "src/worker.py": "x = 1\n",
        ])
        #expect(result.outcome == .warn && result.evidence.count == 1)
        #expect(!"\(result)".contains("Hunter2"), "\(result)")
        #expect(result.summary.hasPrefix("Cloudflare cannot reach localhost:1433: "))
    }

    private static let worker = """
        from workers import WorkerEntrypoint, Response
        from util import BASE

        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(BASE)

        """
    private static let head = """
        name = "site"
        main = "src/worker.py"
        compatibility_date = "2025-12-23"
        compatibility_flags = ["python_workers"]

        """

    private func result(_ files: [String: String], environment: String? = nil) async throws -> CheckResult {
        let folder = try ChecksFolder(files)
        let results = await DeployCheckRunner(checks: [AddressesCheck.self]) {
            CheckContext(
                project: ProjectConfiguration.load(startingAt: folder.path, environment: environment, process: [:]),
                searchPath: "")
        }.run().results
        return try #require(results.first)
    }

    @Test("a module that main imports is read too, and the finding names the file, the place and what to do")
    func imported() async throws {
        let result = try await self.result([
            "wrangler.toml": Self.head, "src/worker.py": Self.worker,
            "src/util.py": "BASE = 'http://10.1.2.3/'\nprint(BASE)\n",
            "src/other.py": "x('http://127.0.0.1/')\n", ".dev.vars": "LOCAL_URL=http://127.0.0.1:9000\n",
        ])
        #expect(result.outcome == .warn && result.place == "util.py:1:8")
        #expect(result.summary == "Cloudflare cannot reach 10.1.2.3: a private network (RFC 1918)")
        #expect(result.evidence.count == 1 && result.fix?.contains("self.env.BACKEND_URL") == true)
        #expect(result.chinese?.summary != nil && result.chinese?.fix != nil && result.chinese?.rule != nil)
    }

    @Test("vars are read of the environment that is deployed, and .dev.vars is not")
    func variables() async throws {
        let files = [
            "wrangler.toml": Self.head
                + "[vars]\nBACKEND_URL = \"http://127.0.0.1:9000\"\nCORS_ORIGINS = \"http://localhost:1\"\nDEEP = { a = [\"ws://nas.lan/\"] }\n[env.prod.vars]\nBACKEND_URL = \"https://api.example.com\"\n",
            "src/worker.py": Self.worker, "src/util.py": "BASE = 1\n", ".dev.vars": "OTHER=http://127.0.0.1:9000\n",
        ]
        let result = try await self.result(files)
        #expect(result.outcome == .warn && result.place?.hasPrefix("wrangler.toml:6:") == true, "\(result)")
        #expect(
            result.evidence.count == 2
                && result.fix == "write the public address in vars, and the local one in .dev.vars")
        #expect(try await self.result(files, environment: "prod").outcome == .pass)
    }

    @Test("a source that cannot be read as Python says nothing here")
    func broken() async throws {
        let result = try await self.result(["wrangler.toml": Self.head, "src/worker.py": "x('http://127.0.0.1/'\n"])
        #expect(result.outcome == .pass)
    }
}
