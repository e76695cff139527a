import Testing

@testable import TextSafety

@Suite("names that say what their values are")
struct SecretNamesTests {
    @Test(
        "siblings of a secret's name are secret, however their words are joined",
        arguments: [
            "X-Api-Secret client_secret sessionToken refresh-token otp passphrase ssn userPassword dbPassword DB_PASS passwd",
            "userpwd secretKey SECRET_KEY_BASE aws_secret_access_key privateKey private_key apiKeyProd authToken accesstoken",
            "idToken pinCode card_cvv cardNumber creditCardNumber mfaCode backup_codes webhookSecret signingKey",
            "encryption_key auth_key mnemonic seedPhrase recovery_phrase xsrf csrfToken oauth_token client_assertion",
            "samlResponse SAMLResponse code_verifier jwt PHPSESSID JSESSIONID password_confirmation password2 newPassword",
            "token_value TOKEN sshKey sig hmac pwd pw smtp_pass licenseKey subscription-key access_token_1 secret_id passWord",
            "pass_word clientsecret refreshtoken apitoken bearerToken authcode device_code passcode totpSecret X-Auth X-Auth-Key",
            "X-Authorization X-Forwarded-Authorization X-Jwt X-Session-Id DPoP Ocp-Apim-Subscription-Key X-Functions-Key",
            "X-Hub-Signature-256 user[password] 密码 apikey api.key x_api_key hotp",
        ])
    func secret(names: String) {
        for name in names.split(separator: " ") {
            #expect(Redaction.standard.hides(member: String(name), text: "x"), "\(name)")
        }
    }

    @Test(
        "words that only contain such a word are not, and neither is what is said about a secret",
        arguments: [
            "tokenizer author pinned secretary monkey keyboard compass passenger passport_control authority authored_by",
            "design signal assign oauth_provider token_type token_endpoint password_reset_url key_id primary_key public_key",
            "sort_key cache_key country_code status_code session_count username user_id keynote turkey hockey opinion",
            "pinterest spinning shopping mapping bypass passage passing passive passion encompass authentic authenticated",
            "authorized authors tokenized tokenization secretariat cookie_consent cookieconsent pins passes keys_count",
            "pin_count passwordless password_policy token_expires_at expires_in monkeys donkey jockey whiskey csrf_enabled",
            "otp_required secretName certainty sigma signature_version bearings pincushion keyframes mapKey groupKey",
            "message_key sec-websocket-key idempotency-key authentication-info www-authenticate state nonce",
        ])
    func plain(names: String) {
        for name in names.split(separator: " ") {
            #expect(!Redaction.standard.hides(member: String(name), text: "value"), "\(name)")
        }
    }

    @Test("a number behind a plural is a count, one behind a PIN is not")
    func numbers() {
        for name in ["max_tokens", "total_tokens", "completion_tokens", "tokens", "code", "session_id", "keys"] {
            #expect(!Redaction.standard.hidesNumber(member: name), "\(name)")
        }
        for name in ["pin", "userPin", "cvv", "otp", "password", "ssn", "card_number", "mfa_code"] {
            #expect(Redaction.standard.hidesNumber(member: name), "\(name)")
        }
    }

    @Test("names that may mean something harmless hide what looks like a credential")
    func weak() {
        for name in ["key", "code", "sessionKeyId", "invite", "token_id", "X-Custom-Key"] {
            #expect(Redaction.standard.hides(member: name, text: "9f86d081884c7d659a2f"), "\(name)")
            #expect(!Redaction.standard.hides(member: name, text: "avatars/u_88.png"), "\(name)")
        }
    }

    @Test("a name takes no time to judge, whatever it is made of")
    func cost() {
        let start = ContinuousClock.now
        for _ in 0..<10 {
            _ = SecretNames.verdict(of: String(repeating: "key", count: 13) + "q")
            _ = SecretNames.verdict(of: String(repeating: "a", count: 1_000_000))
        }
        #expect(ContinuousClock.now - start < .seconds(2))
    }
}
