import WorkerDomain

@testable import WorkerProject

/// Wrangler files and `worker-console.toml`: what is read is written as JSON, which is read as the same.
enum ConfigurationFuzz {
    static func violation(_ input: [UInt8], format: WranglerConfiguration.Format) -> String? {
        let value: ConfigurationValue
        do throws(ConfigurationSyntaxError) {
            value = try format == .toml ? TOMLReader.parse(input) : JSONCParser.parse(input)
        } catch {
            return Self.violation(error, of: input)
        }
        let json = value.json()
        do throws(ConfigurationSyntaxError) {
            guard try JSONCParser.parse(Array(json.utf8)).json() == json else { return "\(json) is read otherwise" }
        } catch {
            return "\(json) is no JSON: \(error.message)"
        }
        for environment in [nil, "a"] {
            let (wrangler, findings) = WranglerResolver(path: "/p/wrangler", format: format, environment: environment)
                .resolve(value)
            if let text = Self.violation(findings, of: input) { return text }
            if wrangler.values.members == nil { return "the resolved values are no table" }
            var process = ["CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV": "false"]
            process["CLOUDFLARE_ENV"] = environment
            let variables = WorkerVariables(folder: "/nowhere", option: nil, process: process)
                .read(for: wrangler, in: "/nowhere").0
            if variables.count != wrangler.vars.count { return "a variable is lost" }
        }
        return nil
    }

    static func consoleViolation(_ input: [UInt8]) -> String? {
        do throws(ConfigurationSyntaxError) {
            let (console, findings) = ConsoleConfigurationReader.read(try TOMLReader.parse(input), file: "/p/w.toml")
            if let active = console.active, !console.backends.contains(where: { $0.name == active }) {
                return "the active backend is none"
            }
            return Self.violation(findings, of: input)
        } catch {
            return Self.violation(error, of: input)
        }
    }

    private static func violation(_ error: ConfigurationSyntaxError, of input: [UInt8]) -> String? {
        if error.message.isEmpty { return "an error without words" }
        return error.position.flatMap { Self.violation(line: $0.line, column: $0.column, of: input) }
    }

    private static func violation(_ findings: [ConfigurationFinding], of input: [UInt8]) -> String? {
        for finding in findings {
            if finding.message.isEmpty { return "a finding without words" }
            guard let line = finding.line, let column = finding.column else { continue }
            if let text = Self.violation(line: line, column: column, of: input) { return text }
        }
        return nil
    }

    /// A place is in the file, or right behind it.
    private static func violation(line: Int, column: Int, of input: [UInt8]) -> String? {
        let lines = input.count { $0 == 0x0A } + 1
        return (1...lines + 1).contains(line) && (1...input.count + 2).contains(column)
            ? nil : "\(line):\(column) is no place in \(lines) lines"
    }
}
