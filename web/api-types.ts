export interface paths {
    "/log/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            log: string;
                            receipt: string;
                            witnesses: {
                                key: string;
                                url: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/log/tile/{*}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    "*": string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": unknown;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/gpc.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            gpc: true;
                            /** Format: date */
                            lastUpdate: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/company": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            open: boolean;
                            name: string | null;
                            demo: boolean;
                            languages: ("en" | "it")[];
                            development_outbox: boolean;
                            card_numbers: boolean;
                            keys: {
                                log: string;
                                receipts: string;
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        organisation: string;
                        name: string;
                        email: string;
                        /** @enum {string} */
                        language: "en" | "it";
                        password: string;
                        totp_secret: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/employees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                                /** @enum {string} */
                                state: "invited" | "active" | "ended";
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        email: string;
                        /** @enum {string} */
                        role: "employee" | "officer";
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            invitation: {
                                token: string;
                                /** Format: date-time */
                                until: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/employees/{id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            invitation: {
                                token: string;
                                /** Format: date-time */
                                until: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitation-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            organisation: string;
                            name: string;
                            /** @enum {string} */
                            role: "employee" | "officer";
                            /** @enum {string} */
                            language: "en" | "it";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitation-acceptances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        password: string;
                        totp_secret: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            /** @enum {string} */
                            room: "work" | "office";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        password: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        password: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/employees/{id}/departures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    after?: number;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                index: number;
                                /** Format: date-time */
                                time: string;
                                kind: string;
                                actor: {
                                    /** @enum {string} */
                                    role: "you" | "guardian" | "employee" | "officer" | "system";
                                    name: string | null;
                                };
                                fields: string[];
                                purpose: string | null;
                                task: {
                                    /** Format: uuid */
                                    id: string;
                                    type: string | null;
                                } | null;
                                result: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            customers: number;
                            applicants: number;
                            tasks: {
                                open: number;
                                taken: number;
                            };
                            log: {
                                size: number;
                                checkpoint: string;
                                vkey: string;
                            };
                            witnesses: {
                                name: string;
                                url: string;
                                /** @enum {string} */
                                state: "cosigned" | "waiting" | "unreachable" | "larger" | "other" | "unknown_log" | "not_signed";
                                since: string | null;
                                cosigned: {
                                    size: number;
                                    /** Format: date-time */
                                    at: string;
                                } | null;
                                held: string | null;
                            }[];
                            keeper: {
                                epoch: number;
                                waiting: number;
                                grants: number;
                                places: number;
                                custodians: {
                                    id: string;
                                    kind: string;
                                }[];
                                unreached: string[];
                                settled: boolean;
                                recoveries: {
                                    id: string;
                                    /** Format: date-time */
                                    until: string;
                                }[];
                                left_out: {
                                    id: string;
                                    /** Format: date-time */
                                    since: string;
                                }[];
                            };
                            erasures: {
                                total: number;
                                waiting_t1: number;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/log-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    days?: "7" | "30" | "90";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date */
                            from: string;
                            kinds: {
                                kind: string;
                                count: number;
                            }[];
                            days: {
                                /** Format: date */
                                day: string;
                                count: number;
                                kinds: {
                                    kind: string;
                                    count: number;
                                }[];
                            }[];
                            table: {
                                entries: number;
                                whole: boolean;
                            };
                            log: {
                                size: number;
                                checkpoint: string;
                                cosigned: {
                                    witness: string;
                                    size: number;
                                    /** Format: date-time */
                                    at: string;
                                } | null;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/demo/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        as: "ana" | "ben" | "pia";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            room: "portal" | "work" | "office";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                at: string;
                                to: string;
                                subject: string;
                                text: string;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    language?: "en" | "it";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            /** @enum {string} */
                            language: "en" | "it";
                            title: string;
                            introduction: string;
                            sections: {
                                heading: string;
                                paragraphs: string[];
                            }[];
                            purposes: {
                                /** @enum {string} */
                                code: "service" | "offers" | "payment" | "care";
                                needed: boolean;
                                advertising: boolean;
                                title: string;
                                why: string;
                                fields: string[];
                                sealed: string[];
                                kept: string;
                            }[];
                            signal: boolean;
                            least_age: 13 | 14 | 15 | 16 | 18;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/age": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            least: 13 | 14 | 15 | 16 | 18;
                            decided_at: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/ages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        after: number;
                        least: 13 | 14 | 15 | 16 | 18;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            least: 13 | 14 | 15 | 16 | 18;
                            decided_at: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                label: {
                                    en: string;
                                    it: string;
                                };
                                help: {
                                    en: string;
                                    it: string;
                                } | null;
                                options: {
                                    [key: string]: unknown;
                                };
                                option_labels: {
                                    [key: string]: {
                                        en: string;
                                        it: string;
                                    };
                                };
                                sensitive: boolean;
                                /** @enum {string} */
                                editor: "customer" | "approval" | "company";
                                level: number;
                                reconfirm_days: number | null;
                                retention: string;
                                /** @enum {string} */
                                asked: "joining" | "portal" | "no";
                                required: boolean;
                                purposes: ("service" | "offers" | "payment" | "care")[];
                                code: string;
                                type: string | null;
                                compartment: string;
                                own: boolean;
                                sealed: boolean;
                                version: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/fields/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            label: {
                                en: string;
                                it: string;
                            };
                            help: {
                                en: string;
                                it: string;
                            } | null;
                            options: {
                                [key: string]: unknown;
                            };
                            option_labels: {
                                [key: string]: {
                                    en: string;
                                    it: string;
                                };
                            };
                            sensitive: boolean;
                            /** @enum {string} */
                            editor: "customer" | "approval" | "company";
                            level: number;
                            reconfirm_days: number | null;
                            retention: string;
                            /** @enum {string} */
                            asked: "joining" | "portal" | "no";
                            required: boolean;
                            purposes: ("service" | "offers" | "payment" | "care")[];
                            code: string;
                            type: string | null;
                            compartment: string;
                            own: boolean;
                            sealed: boolean;
                            version: number;
                            /** Format: date-time */
                            made_at: string;
                            made_by: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/fields/{code}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                label: {
                                    en: string;
                                    it: string;
                                };
                                help: {
                                    en: string;
                                    it: string;
                                } | null;
                                options: {
                                    [key: string]: unknown;
                                };
                                option_labels: {
                                    [key: string]: {
                                        en: string;
                                        it: string;
                                    };
                                };
                                sensitive: boolean;
                                /** @enum {string} */
                                editor: "customer" | "approval" | "company";
                                level: number;
                                reconfirm_days: number | null;
                                retention: string;
                                /** @enum {string} */
                                asked: "joining" | "portal" | "no";
                                required: boolean;
                                purposes: ("service" | "offers" | "payment" | "care")[];
                                code: string;
                                type: string | null;
                                compartment: string;
                                own: boolean;
                                sealed: boolean;
                                version: number;
                                /** Format: date-time */
                                made_at: string;
                                made_by: string;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        label: {
                            en: string;
                            it: string;
                        };
                        help: {
                            en: string;
                            it: string;
                        } | null;
                        options: {
                            [key: string]: unknown;
                        };
                        option_labels: {
                            [key: string]: {
                                en: string;
                                it: string;
                            };
                        };
                        sensitive: boolean;
                        /** @enum {string} */
                        editor: "customer" | "approval" | "company";
                        level: number;
                        reconfirm_days: number | null;
                        retention: string;
                        /** @enum {string} */
                        asked: "joining" | "portal" | "no";
                        required: boolean;
                        purposes: ("service" | "offers" | "payment" | "care")[];
                        sealed?: boolean;
                        after: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            label: {
                                en: string;
                                it: string;
                            };
                            help: {
                                en: string;
                                it: string;
                            } | null;
                            options: {
                                [key: string]: unknown;
                            };
                            option_labels: {
                                [key: string]: {
                                    en: string;
                                    it: string;
                                };
                            };
                            sensitive: boolean;
                            /** @enum {string} */
                            editor: "customer" | "approval" | "company";
                            level: number;
                            reconfirm_days: number | null;
                            retention: string;
                            /** @enum {string} */
                            asked: "joining" | "portal" | "no";
                            required: boolean;
                            purposes: ("service" | "offers" | "payment" | "care")[];
                            code: string;
                            type: string | null;
                            compartment: string;
                            own: boolean;
                            sealed: boolean;
                            version: number;
                            /** Format: date-time */
                            made_at: string;
                            made_by: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        label: {
                            en: string;
                            it: string;
                        };
                        help: {
                            en: string;
                            it: string;
                        } | null;
                        options: {
                            [key: string]: unknown;
                        };
                        option_labels: {
                            [key: string]: {
                                en: string;
                                it: string;
                            };
                        };
                        sensitive: boolean;
                        /** @enum {string} */
                        editor: "customer" | "approval" | "company";
                        level: number;
                        reconfirm_days: number | null;
                        retention: string;
                        /** @enum {string} */
                        asked: "joining" | "portal" | "no";
                        required: boolean;
                        purposes: ("service" | "offers" | "payment" | "care")[];
                        sealed?: boolean;
                        code: string;
                        /** @enum {string} */
                        type: "line" | "text" | "name" | "email" | "phone" | "date" | "birth_date" | "integer" | "decimal" | "boolean" | "choice" | "choices" | "country" | "language" | "postal_address" | "codice_fiscale" | "partita_iva" | "national_id" | "tax_id" | "iban" | "card_number" | "card_reference";
                        /** @enum {string} */
                        compartment: "identity" | "preferences" | "payment" | "health";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            label: {
                                en: string;
                                it: string;
                            };
                            help: {
                                en: string;
                                it: string;
                            } | null;
                            options: {
                                [key: string]: unknown;
                            };
                            option_labels: {
                                [key: string]: {
                                    en: string;
                                    it: string;
                                };
                            };
                            sensitive: boolean;
                            /** @enum {string} */
                            editor: "customer" | "approval" | "company";
                            level: number;
                            reconfirm_days: number | null;
                            retention: string;
                            /** @enum {string} */
                            asked: "joining" | "portal" | "no";
                            required: boolean;
                            purposes: ("service" | "offers" | "payment" | "care")[];
                            code: string;
                            type: string | null;
                            compartment: string;
                            own: boolean;
                            sealed: boolean;
                            version: number;
                            /** Format: date-time */
                            made_at: string;
                            made_by: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/fields/{code}/retention-previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        retention: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            held_at_most: number;
                            over_at_most: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        code_id: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "customer" | "applicant";
                            /** Format: date-time */
                            until: string;
                            email: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/sessions/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "customer" | "applicant";
                            alias: string;
                            /** @enum {string} */
                            language?: "en" | "it";
                            /** Format: date-time */
                            until: string;
                            level?: number;
                            as_guardian?: boolean;
                            guardian?: {
                                active: boolean;
                                lapse_at: string | null;
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/joins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        phone: string;
                        /** @default {} */
                        values?: {
                            [key: string]: unknown;
                        };
                        notice_version: number;
                        /** @enum {string} */
                        language: "en" | "it";
                        /** @default false */
                        signal?: boolean;
                        /** @default false */
                        despite_signal?: boolean;
                        said_age: number;
                        purposes: ("service" | "offers" | "payment" | "care")[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alias: string;
                            consents: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                purpose: "service" | "offers" | "payment" | "care";
                                fields: string[];
                                /** Format: date-time */
                                given_at: string;
                                withdrawn_at: string | null;
                                /** @enum {string} */
                                evidence: "portal" | "import";
                                notice_version: number | null;
                                language: ("en" | "it") | null;
                                renews: string | null;
                                despite_signal: boolean;
                                said_age: number | null;
                                /** @enum {string} */
                                signature: "passkey" | "declined" | "none";
                                /** @enum {string} */
                                given_by: "customer" | "guardian";
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/guardian-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/guardian-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/guardian-joins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        /** @enum {boolean} */
                        responsible: true;
                        name: string;
                        /** Format: date */
                        born: string;
                        notice_version: number;
                        /** @enum {string} */
                        language: "en" | "it";
                        /** @default false */
                        signal?: boolean;
                        /** @default false */
                        despite_signal?: boolean;
                        purposes: ("service" | "offers" | "payment" | "care")[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alias: string;
                            consents: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                purpose: "service" | "offers" | "payment" | "care";
                                fields: string[];
                                /** Format: date-time */
                                given_at: string;
                                withdrawn_at: string | null;
                                /** @enum {string} */
                                evidence: "portal" | "import";
                                notice_version: number | null;
                                language: ("en" | "it") | null;
                                renews: string | null;
                                despite_signal: boolean;
                                said_age: number | null;
                                /** @enum {string} */
                                signature: "passkey" | "declined" | "none";
                                /** @enum {string} */
                                given_by: "customer" | "guardian";
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/guardian-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        alias: string;
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/guardian-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        code_id: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/guardianship": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            email: string;
                            /** Format: date-time */
                            since: string;
                            of_age_at: string | null;
                            lapse_at: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                purpose: "service" | "offers" | "payment" | "care";
                                fields: string[];
                                /** Format: date-time */
                                given_at: string;
                                withdrawn_at: string | null;
                                /** @enum {string} */
                                evidence: "portal" | "import";
                                notice_version: number | null;
                                language: ("en" | "it") | null;
                                renews: string | null;
                                despite_signal: boolean;
                                said_age: number | null;
                                /** @enum {string} */
                                signature: "passkey" | "declined" | "none";
                                /** @enum {string} */
                                given_by: "customer" | "guardian";
                                asked_now: string[];
                                unsealed_now: string[];
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        purpose: "service" | "offers" | "payment" | "care";
                        notice_version: number;
                        /** @enum {string} */
                        language: "en" | "it";
                        /** @default false */
                        despite_signal?: boolean;
                        signed?: {
                            /** Format: uuid */
                            challenge: string;
                            response: {
                                id: string;
                                rawId: string;
                                /** @enum {string} */
                                type: "public-key";
                                response: {
                                    clientDataJSON: string;
                                    authenticatorData: string;
                                    signature: string;
                                    userHandle?: string;
                                };
                                clientExtensionResults: Record<string, never>;
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            purpose: "service" | "offers" | "payment" | "care";
                            fields: string[];
                            /** Format: date-time */
                            given_at: string;
                            withdrawn_at: string | null;
                            /** @enum {string} */
                            evidence: "portal" | "import";
                            notice_version: number | null;
                            language: ("en" | "it") | null;
                            renews: string | null;
                            despite_signal: boolean;
                            said_age: number | null;
                            /** @enum {string} */
                            signature: "passkey" | "declined" | "none";
                            /** @enum {string} */
                            given_by: "customer" | "guardian";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/consent-challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        purpose: "service" | "offers" | "payment" | "care";
                        notice_version: number;
                        /** @enum {string} */
                        language: "en" | "it";
                        /** @default false */
                        despite_signal?: boolean;
                        /** @default null */
                        renews?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                            statement: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** @enum {string} */
                                purpose: "service" | "offers" | "payment" | "care";
                                notice_version: number | null;
                                live: number;
                                taken_back: number;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/consents/{id}/renewals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        notice_version: number;
                        /** @enum {string} */
                        language: "en" | "it";
                        /** @default false */
                        despite_signal?: boolean;
                        signed?: {
                            /** Format: uuid */
                            challenge: string;
                            response: {
                                id: string;
                                rawId: string;
                                /** @enum {string} */
                                type: "public-key";
                                response: {
                                    clientDataJSON: string;
                                    authenticatorData: string;
                                    signature: string;
                                    userHandle?: string;
                                };
                                clientExtensionResults: Record<string, never>;
                            };
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            purpose: "service" | "offers" | "payment" | "care";
                            fields: string[];
                            /** Format: date-time */
                            given_at: string;
                            withdrawn_at: string | null;
                            /** @enum {string} */
                            evidence: "portal" | "import";
                            notice_version: number | null;
                            language: ("en" | "it") | null;
                            renews: string | null;
                            despite_signal: boolean;
                            said_age: number | null;
                            /** @enum {string} */
                            signature: "passkey" | "declined" | "none";
                            /** @enum {string} */
                            given_by: "customer" | "guardian";
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/privacy-signal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            heard_at: string | null;
                            now: boolean;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            heard_at: string | null;
                            now: boolean;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    sensitive?: "shown";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alias: string;
                            level: number;
                            /** Format: date-time */
                            joined_at: string;
                            values: {
                                compartment: string;
                                field: string;
                                value: unknown;
                                withheld: boolean;
                                source: string;
                                /** Format: date-time */
                                at: string;
                                verified: {
                                    method: string;
                                    /** Format: date-time */
                                    at: string;
                                    by: string | null;
                                    second: string | null;
                                    until: string | null;
                                    document: {
                                        kind: string;
                                        country: string;
                                        expires: number;
                                        salt: string;
                                    } | null;
                                } | null;
                                awaiting: {
                                    method: string;
                                    /** Format: date-time */
                                    at: string;
                                    by: string | null;
                                    second: string | null;
                                    until: string | null;
                                    document: {
                                        kind: string;
                                        country: string;
                                        expires: number;
                                        salt: string;
                                    } | null;
                                } | null;
                                disputed: {
                                    /** Format: date-time */
                                    since: string;
                                    claims: {
                                        id: string;
                                        value: unknown;
                                        source: string;
                                        /** Format: date-time */
                                        at: string;
                                        by: string | null;
                                        brought: {
                                            source: string;
                                            proof: string;
                                            /** Format: date */
                                            day: string;
                                        } | null;
                                    }[];
                                } | null;
                                purposes: string[];
                                former: {
                                    value: unknown;
                                    /** Format: date-time */
                                    until: string;
                                }[];
                                confirm_by: string | null;
                                kept_until: string | null;
                            }[];
                            purchases: {
                                /** Format: uuid */
                                id: string;
                                invoice: string;
                                source: string;
                                /** Format: date-time */
                                made_at: string;
                                lines: ({
                                    code: string;
                                    description: string;
                                    quantity: number;
                                    unit_price: {
                                        amount: number;
                                        currency: string;
                                        exponent?: number;
                                    } & {
                                        [key: string]: unknown;
                                    };
                                } & {
                                    [key: string]: unknown;
                                })[];
                            }[];
                            questions: {
                                /** Format: uuid */
                                id: string;
                                type: string;
                                text: string | null;
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                state: "open" | "taken" | "closed";
                            }[];
                            letters: {
                                /** Format: uuid */
                                id: string;
                                kind: string;
                                to: string | null;
                                subject: string | null;
                                text: string | null;
                                /** Format: date-time */
                                made_at: string;
                                sent_at: string | null;
                            }[];
                            lost: {
                                compartment: string;
                                /** Format: date-time */
                                lost_at: string;
                            }[];
                            documents: {
                                /** Format: uuid */
                                id: string;
                                basis: string;
                                name: {
                                    en: string;
                                    it: string;
                                };
                                law: {
                                    en: string;
                                    it: string;
                                };
                                why: {
                                    en: string;
                                    it: string;
                                };
                                number: string;
                                part: number;
                                reason: ("buyer" | "goods" | "cancelled") | null;
                                /** Format: date-time */
                                issued_at: string;
                                /** Format: date-time */
                                until: string;
                            }[];
                            kept: {
                                /** @enum {string} */
                                what: "trail";
                                until_months: number;
                                why: string;
                            }[];
                            resting: {
                                alias: string;
                                level: number;
                                /** Format: date-time */
                                joined_at: string;
                                values: {
                                    compartment: string;
                                    field: string;
                                    value: unknown;
                                    withheld: boolean;
                                    source: string;
                                    /** Format: date-time */
                                    at: string;
                                    verified: {
                                        method: string;
                                        /** Format: date-time */
                                        at: string;
                                        by: string | null;
                                        second: string | null;
                                        until: string | null;
                                        document: {
                                            kind: string;
                                            country: string;
                                            expires: number;
                                            salt: string;
                                        } | null;
                                    } | null;
                                    awaiting: {
                                        method: string;
                                        /** Format: date-time */
                                        at: string;
                                        by: string | null;
                                        second: string | null;
                                        until: string | null;
                                        document: {
                                            kind: string;
                                            country: string;
                                            expires: number;
                                            salt: string;
                                        } | null;
                                    } | null;
                                    disputed: {
                                        /** Format: date-time */
                                        since: string;
                                        claims: {
                                            id: string;
                                            value: unknown;
                                            source: string;
                                            /** Format: date-time */
                                            at: string;
                                            by: string | null;
                                            brought: {
                                                source: string;
                                                proof: string;
                                                /** Format: date */
                                                day: string;
                                            } | null;
                                        }[];
                                    } | null;
                                    purposes: string[];
                                    former: {
                                        value: unknown;
                                        /** Format: date-time */
                                        until: string;
                                    }[];
                                    confirm_by: string | null;
                                    kept_until: string | null;
                                }[];
                                purchases: {
                                    /** Format: uuid */
                                    id: string;
                                    invoice: string;
                                    source: string;
                                    /** Format: date-time */
                                    made_at: string;
                                    lines: ({
                                        code: string;
                                        description: string;
                                        quantity: number;
                                        unit_price: {
                                            amount: number;
                                            currency: string;
                                            exponent?: number;
                                        } & {
                                            [key: string]: unknown;
                                        };
                                    } & {
                                        [key: string]: unknown;
                                    })[];
                                }[];
                                questions: {
                                    /** Format: uuid */
                                    id: string;
                                    type: string;
                                    text: string | null;
                                    /** Format: date-time */
                                    at: string;
                                    /** @enum {string} */
                                    state: "open" | "taken" | "closed";
                                }[];
                                letters: {
                                    /** Format: uuid */
                                    id: string;
                                    kind: string;
                                    to: string | null;
                                    subject: string | null;
                                    text: string | null;
                                    /** Format: date-time */
                                    made_at: string;
                                    sent_at: string | null;
                                }[];
                                lost: {
                                    compartment: string;
                                    /** Format: date-time */
                                    lost_at: string;
                                }[];
                                documents: {
                                    /** Format: uuid */
                                    id: string;
                                    basis: string;
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    number: string;
                                    part: number;
                                    reason: ("buyer" | "goods" | "cancelled") | null;
                                    /** Format: date-time */
                                    issued_at: string;
                                    /** Format: date-time */
                                    until: string;
                                }[];
                                kept: {
                                    /** @enum {string} */
                                    what: "trail";
                                    until_months: number;
                                    why: string;
                                }[];
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    after?: number;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                index: number;
                                /** Format: date-time */
                                time: string;
                                kind: string;
                                actor: {
                                    /** @enum {string} */
                                    role: "you" | "guardian" | "employee" | "officer" | "system";
                                    name: string | null;
                                };
                                fields: string[];
                                purpose: string | null;
                                task: {
                                    /** Format: uuid */
                                    id: string;
                                    type: string | null;
                                } | null;
                                result: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            format: "custode-export/1";
                            /** Format: date-time */
                            made_at: string;
                            organisation: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                            };
                            data: {
                                alias: string;
                                level: number;
                                /** Format: date-time */
                                joined_at: string;
                                values: {
                                    compartment: string;
                                    field: string;
                                    value: unknown;
                                    withheld: boolean;
                                    source: string;
                                    /** Format: date-time */
                                    at: string;
                                    verified: {
                                        method: string;
                                        /** Format: date-time */
                                        at: string;
                                        by: string | null;
                                        second: string | null;
                                        until: string | null;
                                        document: {
                                            kind: string;
                                            country: string;
                                            expires: number;
                                            salt: string;
                                        } | null;
                                    } | null;
                                    awaiting: {
                                        method: string;
                                        /** Format: date-time */
                                        at: string;
                                        by: string | null;
                                        second: string | null;
                                        until: string | null;
                                        document: {
                                            kind: string;
                                            country: string;
                                            expires: number;
                                            salt: string;
                                        } | null;
                                    } | null;
                                    disputed: {
                                        /** Format: date-time */
                                        since: string;
                                        claims: {
                                            id: string;
                                            value: unknown;
                                            source: string;
                                            /** Format: date-time */
                                            at: string;
                                            by: string | null;
                                            brought: {
                                                source: string;
                                                proof: string;
                                                /** Format: date */
                                                day: string;
                                            } | null;
                                        }[];
                                    } | null;
                                    purposes: string[];
                                    former: {
                                        value: unknown;
                                        /** Format: date-time */
                                        until: string;
                                    }[];
                                    confirm_by: string | null;
                                    kept_until: string | null;
                                }[];
                                purchases: {
                                    /** Format: uuid */
                                    id: string;
                                    invoice: string;
                                    source: string;
                                    /** Format: date-time */
                                    made_at: string;
                                    lines: ({
                                        code: string;
                                        description: string;
                                        quantity: number;
                                        unit_price: {
                                            amount: number;
                                            currency: string;
                                            exponent?: number;
                                        } & {
                                            [key: string]: unknown;
                                        };
                                    } & {
                                        [key: string]: unknown;
                                    })[];
                                }[];
                                questions: {
                                    /** Format: uuid */
                                    id: string;
                                    type: string;
                                    text: string | null;
                                    /** Format: date-time */
                                    at: string;
                                    /** @enum {string} */
                                    state: "open" | "taken" | "closed";
                                }[];
                                letters: {
                                    /** Format: uuid */
                                    id: string;
                                    kind: string;
                                    to: string | null;
                                    subject: string | null;
                                    text: string | null;
                                    /** Format: date-time */
                                    made_at: string;
                                    sent_at: string | null;
                                }[];
                                lost: {
                                    compartment: string;
                                    /** Format: date-time */
                                    lost_at: string;
                                }[];
                                documents: {
                                    /** Format: uuid */
                                    id: string;
                                    basis: string;
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    number: string;
                                    part: number;
                                    reason: ("buyer" | "goods" | "cancelled") | null;
                                    /** Format: date-time */
                                    issued_at: string;
                                    /** Format: date-time */
                                    until: string;
                                }[];
                                kept: {
                                    /** @enum {string} */
                                    what: "trail";
                                    until_months: number;
                                    why: string;
                                }[];
                                resting: {
                                    alias: string;
                                    level: number;
                                    /** Format: date-time */
                                    joined_at: string;
                                    values: {
                                        compartment: string;
                                        field: string;
                                        value: unknown;
                                        withheld: boolean;
                                        source: string;
                                        /** Format: date-time */
                                        at: string;
                                        verified: {
                                            method: string;
                                            /** Format: date-time */
                                            at: string;
                                            by: string | null;
                                            second: string | null;
                                            until: string | null;
                                            document: {
                                                kind: string;
                                                country: string;
                                                expires: number;
                                                salt: string;
                                            } | null;
                                        } | null;
                                        awaiting: {
                                            method: string;
                                            /** Format: date-time */
                                            at: string;
                                            by: string | null;
                                            second: string | null;
                                            until: string | null;
                                            document: {
                                                kind: string;
                                                country: string;
                                                expires: number;
                                                salt: string;
                                            } | null;
                                        } | null;
                                        disputed: {
                                            /** Format: date-time */
                                            since: string;
                                            claims: {
                                                id: string;
                                                value: unknown;
                                                source: string;
                                                /** Format: date-time */
                                                at: string;
                                                by: string | null;
                                                brought: {
                                                    source: string;
                                                    proof: string;
                                                    /** Format: date */
                                                    day: string;
                                                } | null;
                                            }[];
                                        } | null;
                                        purposes: string[];
                                        former: {
                                            value: unknown;
                                            /** Format: date-time */
                                            until: string;
                                        }[];
                                        confirm_by: string | null;
                                        kept_until: string | null;
                                    }[];
                                    purchases: {
                                        /** Format: uuid */
                                        id: string;
                                        invoice: string;
                                        source: string;
                                        /** Format: date-time */
                                        made_at: string;
                                        lines: ({
                                            code: string;
                                            description: string;
                                            quantity: number;
                                            unit_price: {
                                                amount: number;
                                                currency: string;
                                                exponent?: number;
                                            } & {
                                                [key: string]: unknown;
                                            };
                                        } & {
                                            [key: string]: unknown;
                                        })[];
                                    }[];
                                    questions: {
                                        /** Format: uuid */
                                        id: string;
                                        type: string;
                                        text: string | null;
                                        /** Format: date-time */
                                        at: string;
                                        /** @enum {string} */
                                        state: "open" | "taken" | "closed";
                                    }[];
                                    letters: {
                                        /** Format: uuid */
                                        id: string;
                                        kind: string;
                                        to: string | null;
                                        subject: string | null;
                                        text: string | null;
                                        /** Format: date-time */
                                        made_at: string;
                                        sent_at: string | null;
                                    }[];
                                    lost: {
                                        compartment: string;
                                        /** Format: date-time */
                                        lost_at: string;
                                    }[];
                                    documents: {
                                        /** Format: uuid */
                                        id: string;
                                        basis: string;
                                        name: {
                                            en: string;
                                            it: string;
                                        };
                                        law: {
                                            en: string;
                                            it: string;
                                        };
                                        why: {
                                            en: string;
                                            it: string;
                                        };
                                        number: string;
                                        part: number;
                                        reason: ("buyer" | "goods" | "cancelled") | null;
                                        /** Format: date-time */
                                        issued_at: string;
                                        /** Format: date-time */
                                        until: string;
                                    }[];
                                    kept: {
                                        /** @enum {string} */
                                        what: "trail";
                                        until_months: number;
                                        why: string;
                                    }[];
                                } | null;
                            };
                            documents: {
                                /** Format: uuid */
                                id: string;
                                basis: string;
                                name: {
                                    en: string;
                                    it: string;
                                };
                                law: {
                                    en: string;
                                    it: string;
                                };
                                why: {
                                    en: string;
                                    it: string;
                                };
                                number: string;
                                part: number;
                                reason: ("buyer" | "goods" | "cancelled") | null;
                                /** Format: date-time */
                                issued_at: string;
                                /** Format: date-time */
                                until: string;
                                content: ({
                                    number?: string;
                                    issued_on?: string;
                                    buyer_name?: string;
                                    buyer_address?: unknown;
                                    buyer_tax_code?: string;
                                    buyer_vat_number?: string;
                                    goods?: ({
                                        code: string;
                                        description: string;
                                        quantity: number;
                                        unit_price: {
                                            amount: number;
                                            currency: string;
                                            exponent?: number;
                                        } & {
                                            [key: string]: unknown;
                                        };
                                    } & {
                                        [key: string]: unknown;
                                    })[];
                                    vat_rate?: number;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                                readings: {
                                    index: number;
                                    /** Format: date-time */
                                    time: string;
                                    kind: string;
                                    actor: {
                                        /** @enum {string} */
                                        role: "you" | "guardian" | "employee" | "officer" | "system";
                                        name: string | null;
                                    };
                                    fields: string[];
                                    purpose: string | null;
                                    task: {
                                        /** Format: uuid */
                                        id: string;
                                        type: string | null;
                                    } | null;
                                    result: string;
                                }[];
                            }[];
                            consents: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                purpose: "service" | "offers" | "payment" | "care";
                                fields: string[];
                                /** Format: date-time */
                                given_at: string;
                                withdrawn_at: string | null;
                                /** @enum {string} */
                                evidence: "portal" | "import";
                                notice_version: number | null;
                                language: ("en" | "it") | null;
                                renews: string | null;
                                despite_signal: boolean;
                                said_age: number | null;
                                /** @enum {string} */
                                signature: "passkey" | "declined" | "none";
                                /** @enum {string} */
                                given_by: "customer" | "guardian";
                            }[];
                            notices: {
                                [key: string]: unknown;
                            }[];
                            held: {
                                [key: string]: {
                                    [key: string]: unknown;
                                }[];
                            };
                            vkey: string;
                            entries: {
                                index: number;
                                body: string;
                                salt: string;
                                commitment: string;
                                proof: string[];
                            }[];
                            checkpoint: string;
                            head: string;
                            witnessed: {
                                checkpoint: string;
                                witnesses: string[];
                                hashes: string[];
                            } | null;
                            resting: {
                                consents: {
                                    /** Format: uuid */
                                    id: string;
                                    /** @enum {string} */
                                    purpose: "service" | "offers" | "payment" | "care";
                                    fields: string[];
                                    /** Format: date-time */
                                    given_at: string;
                                    withdrawn_at: string | null;
                                    /** @enum {string} */
                                    evidence: "portal" | "import";
                                    notice_version: number | null;
                                    language: ("en" | "it") | null;
                                    renews: string | null;
                                    despite_signal: boolean;
                                    said_age: number | null;
                                    /** @enum {string} */
                                    signature: "passkey" | "declined" | "none";
                                    /** @enum {string} */
                                    given_by: "customer" | "guardian";
                                }[];
                                notices: {
                                    [key: string]: unknown;
                                }[];
                                held: {
                                    [key: string]: {
                                        [key: string]: unknown;
                                    }[];
                                };
                                vkey: string;
                                entries: {
                                    index: number;
                                    body: string;
                                    salt: string;
                                    commitment: string;
                                    proof: string[];
                                }[];
                                checkpoint: string;
                                head: string;
                                witnessed: {
                                    checkpoint: string;
                                    witnesses: string[];
                                    hashes: string[];
                                } | null;
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/consents/{id}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            "@type": "dpv:ConsentReceipt";
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/log-bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    from?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            format: "custode-log-bundle/1";
                            vkey: string;
                            entries: {
                                index: number;
                                body: string;
                                salt: string;
                                commitment: string;
                                proof: string[];
                            }[];
                            checkpoint: string;
                            head: string;
                            witnessed: {
                                checkpoint: string;
                                witnesses: string[];
                                hashes: string[];
                            } | null;
                            since: {
                                size: number;
                                hashes: string[];
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        values: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changed: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        fields: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            confirmed: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/intake-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            note: string;
                            slot: number;
                            vkey: string;
                            trail: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/envelopes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        notice_version: number;
                        envelopes: {
                            compartment: string;
                            fields: string[];
                            nonce: string;
                            key: number;
                            /** Format: byte */
                            envelope: string;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changed: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/disputes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        field: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            field: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/dispute-settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        field: string;
                        claim: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            field: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        field: string;
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/link-confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            confirmed: true;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/address-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/address-changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        email: string;
                        /** @enum {string} */
                        language: "en" | "it";
                        /** Format: uuid */
                        code_id: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/address-reversals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        token: string;
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            reversed: true;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/check-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        field: string;
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        field: string;
                        /** Format: uuid */
                        code_id: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            field: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/identity-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            noted: {
                                fields: string[];
                                /** Format: date-time */
                                seen_at: string;
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        document: {
                            /** @enum {string} */
                            kind: "passport" | "identity_card" | "driving_licence" | "residence_permit";
                            country: string;
                            expires: number;
                        };
                        supports: string[];
                        differs: {
                            field: string;
                            value: unknown;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            commitment: string;
                            contradicted: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/evidence-confirmations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        agrees: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            verified: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/identity-provider": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            host: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/provider-checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            url: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/provider-answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        code: string;
                        state: string;
                        iss?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            agreed: string[];
                            contradicted: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/intake-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            note: string;
                            slot: number;
                            vkey: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/intake-proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            entry: {
                                index: number;
                                body: string;
                                salt: string;
                                commitment: string;
                            };
                            hashes: string[];
                            checkpoint: string;
                            vkey: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/proof-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        language: "en" | "it";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            until: string;
                            email: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        code_id: string;
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            by: "code" | "passkey" | "password";
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/proof-challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/passkey-proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        challenge: string;
                        response: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                            clientExtensionResults: Record<string, never>;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            by: "code" | "passkey" | "password";
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/passkey-sessions/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/passkey-sessions/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/passkey-sessions/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/passkey-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        challenge: string;
                        response: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                            clientExtensionResults: Record<string, never>;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            kind: "customer";
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/passkey-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        challenge: string;
                        response: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                            clientExtensionResults: Record<string, never>;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/passkey-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        challenge: string;
                        response: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            response: {
                                clientDataJSON: string;
                                authenticatorData: string;
                                signature: string;
                                userHandle?: string;
                            };
                            clientExtensionResults: Record<string, never>;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            employee: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                                /** @enum {string} */
                                role: "employee" | "officer";
                                /** @enum {string} */
                                language: "en" | "it";
                                pseudonym: string;
                            };
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kept_on: "phone" | "computer" | "security_key" | "password_manager";
                                synced: boolean;
                                /** Format: date-time */
                                made_at: string;
                                used_at: string | null;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        challenge: string;
                        /** @enum {string} */
                        kept_on: "phone" | "computer" | "security_key" | "password_manager";
                        response: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            response: {
                                clientDataJSON: string;
                                attestationObject: string;
                                transports?: string[];
                            };
                            clientExtensionResults: Record<string, never>;
                        };
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kept_on: "phone" | "computer" | "security_key" | "password_manager";
                            synced: boolean;
                            /** Format: date-time */
                            made_at: string;
                            used_at: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/passkey-challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kept_on: "phone" | "computer" | "security_key" | "password_manager";
                                synced: boolean;
                                /** Format: date-time */
                                made_at: string;
                                used_at: string | null;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        challenge: string;
                        /** @enum {string} */
                        kept_on: "phone" | "computer" | "security_key" | "password_manager";
                        response: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            response: {
                                clientDataJSON: string;
                                attestationObject: string;
                                transports?: string[];
                            };
                            clientExtensionResults: Record<string, never>;
                        };
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kept_on: "phone" | "computer" | "security_key" | "password_manager";
                            synced: boolean;
                            /** Format: date-time */
                            made_at: string;
                            used_at: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/passkey-challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kept_on: "phone" | "computer" | "security_key" | "password_manager";
                                synced: boolean;
                                /** Format: date-time */
                                made_at: string;
                                used_at: string | null;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** Format: uuid */
                        challenge: string;
                        /** @enum {string} */
                        kept_on: "phone" | "computer" | "security_key" | "password_manager";
                        response: {
                            id: string;
                            rawId: string;
                            /** @enum {string} */
                            type: "public-key";
                            response: {
                                clientDataJSON: string;
                                attestationObject: string;
                                transports?: string[];
                            };
                            clientExtensionResults: Record<string, never>;
                        };
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kept_on: "phone" | "computer" | "security_key" | "password_manager";
                            synced: boolean;
                            /** Format: date-time */
                            made_at: string;
                            used_at: string | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/passkey-challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            options: {
                                challenge: string;
                            } & {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                type: string;
                                text: string | null;
                                /** Format: date-time */
                                at: string;
                                /** @enum {string} */
                                state: "open" | "taken" | "closed";
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        type: "delivery_question" | "invoice_question" | "payment_problem" | "care_request";
                        text: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/task-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                code: string;
                                purpose: string;
                                fields: string[];
                                minutes: number;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    state?: "open" | "mine" | "closed";
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                type: string;
                                alias: string;
                                /** @enum {string} */
                                state: "open" | "taken" | "closed";
                                /** Format: date-time */
                                made_at: string;
                                /** Format: date-time */
                                due_at: string;
                                mine: boolean;
                                name: string | null;
                                outcome: ("answered" | "no_answer_needed" | "same" | "not_same" | "cannot_say" | "proven" | "not_proven" | "not_shown" | "not_acceptable" | "customer_told" | "not_reached" | "settled") | null;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        hit: string;
                        type: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            task: string;
                            /** Format: date-time */
                            until: string;
                            purpose: string;
                            fields: string[];
                            why: {
                                policies: string[];
                                task_type: string;
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            type: string;
                            alias: string;
                            /** @enum {string} */
                            state: "taken";
                            /** Format: date-time */
                            made_at: string;
                            /** Format: date-time */
                            due_at: string;
                            purpose: string;
                            fields: string[];
                            outcomes: ("answered" | "no_answer_needed" | "same" | "not_same" | "cannot_say" | "proven" | "not_proven" | "not_shown" | "not_acceptable" | "customer_told" | "not_reached" | "settled")[];
                            caller: ("proven" | "unproven") | null;
                            grant: {
                                /** Format: uuid */
                                id: string;
                                /** Format: date-time */
                                until: string;
                                policies: {
                                    id: string;
                                    en: string;
                                    it: string;
                                }[];
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/customer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    fields?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            values: {
                                [key: string]: {
                                    verified: {
                                        method: string;
                                        /** Format: date-time */
                                        at: string;
                                        by: string | null;
                                        second: string | null;
                                        until: string | null;
                                        document: {
                                            kind: string;
                                            country: string;
                                            expires: number;
                                            salt: string;
                                        } | null;
                                    } | null;
                                    awaiting: {
                                        method: string;
                                        /** Format: date-time */
                                        at: string;
                                        by: string | null;
                                        second: string | null;
                                        until: string | null;
                                        document: {
                                            kind: string;
                                            country: string;
                                            expires: number;
                                            salt: string;
                                        } | null;
                                    } | null;
                                    disputed: {
                                        /** Format: date-time */
                                        since: string;
                                        claims: {
                                            id: string;
                                            value: unknown;
                                            source: string;
                                            /** Format: date-time */
                                            at: string;
                                            by: string | null;
                                            brought: {
                                                source: string;
                                                proof: string;
                                                /** Format: date */
                                                day: string;
                                            } | null;
                                        }[];
                                    } | null;
                                    value: unknown;
                                    source: string;
                                    /** Format: date-time */
                                    at: string;
                                };
                            };
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/pair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            people: {
                                alias: string;
                                values: {
                                    [key: string]: {
                                        verified: {
                                            method: string;
                                            /** Format: date-time */
                                            at: string;
                                            by: string | null;
                                            second: string | null;
                                            until: string | null;
                                            document: {
                                                kind: string;
                                                country: string;
                                                expires: number;
                                                salt: string;
                                            } | null;
                                        } | null;
                                        awaiting: {
                                            method: string;
                                            /** Format: date-time */
                                            at: string;
                                            by: string | null;
                                            second: string | null;
                                            until: string | null;
                                            document: {
                                                kind: string;
                                                country: string;
                                                expires: number;
                                                salt: string;
                                            } | null;
                                        } | null;
                                        disputed: {
                                            /** Format: date-time */
                                            since: string;
                                            claims: {
                                                id: string;
                                                value: unknown;
                                                source: string;
                                                /** Format: date-time */
                                                at: string;
                                                by: string | null;
                                                brought: {
                                                    source: string;
                                                    proof: string;
                                                    /** Format: date */
                                                    day: string;
                                                } | null;
                                            }[];
                                        } | null;
                                        value: unknown;
                                        source: string;
                                        /** Format: date-time */
                                        at: string;
                                    };
                                };
                            }[];
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/closures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        outcome: "answered" | "no_answer_needed" | "same" | "not_same" | "cannot_say" | "proven" | "not_proven" | "not_shown" | "not_acceptable" | "customer_told" | "not_reached" | "settled";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        by: "email";
                        email: string;
                    } | {
                        /** @enum {string} */
                        by: "phone";
                        phone: string;
                    } | {
                        /** @enum {string} */
                        by: "number";
                        number: string;
                    } | {
                        /** @enum {string} */
                        by: "person";
                        name: string;
                        birth: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            hits: {
                                hit: string;
                                shown: {
                                    name?: string;
                                    email?: string;
                                    phone?: string;
                                };
                            }[];
                            more: boolean;
                            types: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/caller-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/caller-proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        code: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            closed: boolean;
                            text: string;
                            hash: string;
                            rules: {
                                id: string;
                                en: string;
                                it: string;
                            }[];
                            versions: {
                                version: number;
                                text: string;
                                hash: string;
                                base: number;
                                proposed_by: string;
                                /** Format: date-time */
                                proposed_at: string;
                                decided_by: string | null;
                                decided_at: string | null;
                                approved: boolean | null;
                                changes: {
                                    /** @enum {string} */
                                    role: "employee" | "officer";
                                    task_type: string;
                                    field: string | null;
                                    /** @enum {string} */
                                    effect: "gains" | "loses";
                                }[] | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        text: string;
                        after: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            text: string;
                            hash: string;
                            base: number;
                            proposed_by: string;
                            /** Format: date-time */
                            proposed_at: string;
                            decided_by: string | null;
                            decided_at: string | null;
                            approved: boolean | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/policies/previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        text: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            changes: {
                                /** @enum {string} */
                                role: "employee" | "officer";
                                task_type: string;
                                field: string | null;
                                /** @enum {string} */
                                effect: "gains" | "loses";
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/policies/{version}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    version: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        approved: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            version: number;
                            text: string;
                            hash: string;
                            base: number;
                            proposed_by: string;
                            /** Format: date-time */
                            proposed_at: string;
                            decided_by: string | null;
                            decided_at: string | null;
                            approved: boolean | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            waiting: number;
                            same: number;
                            not_same: number;
                            cannot_say: number;
                            merged: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/duplicate-searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** Format: date-time */
                                decided_at: string;
                                objected_at: string | null;
                                merged: boolean;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/duplicates/{id}/objections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/duplicates/{id}/merge-words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            word: string;
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/duplicates/{id}/merges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        word: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                            /** Format: date-time */
                            until: string;
                            link: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            merge: {
                                /** Format: date-time */
                                at: string;
                                /** Format: date-time */
                                until: string;
                                taken: string[];
                                resting_purposes: ("service" | "offers" | "payment" | "care")[];
                            } | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/merge/values": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        fields: string[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            taken: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/merge/undoings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/consents/{id}/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            at: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/withdrawal-preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            compartments: {
                                compartment: string;
                                boxes: number;
                            }[];
                            slots: number;
                            open_tasks: number;
                            kept: {
                                /** @enum {string} */
                                what: "trail";
                                /** Format: date-time */
                                until: string;
                                /** @enum {string} */
                                why: "accountability";
                            }[];
                            documents: {
                                /** Format: uuid */
                                id: string;
                                basis: string;
                                name: {
                                    en: string;
                                    it: string;
                                };
                                law: {
                                    en: string;
                                    it: string;
                                };
                                why: {
                                    en: string;
                                    it: string;
                                };
                                number: string;
                                part: number;
                                reason: ("buyer" | "goods" | "cancelled") | null;
                                /** Format: date-time */
                                issued_at: string;
                                /** Format: date-time */
                                until: string;
                            }[];
                            sessions: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        confirm: true;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            receipt: {
                                /** @enum {number} */
                                custode_receipt: 1;
                                /** @enum {string} */
                                kind: "withdrawal";
                                organisation: {
                                    /** Format: uuid */
                                    id: string;
                                    name: string;
                                };
                                /** Format: uuid */
                                act: string;
                                /** Format: date-time */
                                at: string;
                                compartments: string[];
                                slots: number[];
                                kept: ({
                                    /** @enum {string} */
                                    what: "trail";
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    why: "accountability";
                                    slot: number;
                                } | {
                                    /** Format: uuid */
                                    id: string;
                                    basis: string;
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    number: string;
                                    part: number;
                                    reason: ("buyer" | "goods" | "cancelled") | null;
                                    /** Format: date-time */
                                    issued_at: string;
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    what: "document";
                                    slot: number;
                                })[];
                                link: string;
                                entry: {
                                    index: number;
                                    body: string;
                                    salt: string;
                                    commitment: string;
                                };
                                proof: {
                                    hashes: string[];
                                    checkpoint: string;
                                    vkey: string;
                                };
                                head: string;
                                destruction: {
                                    /** Format: date-time */
                                    t0: string;
                                    t1: string | null;
                                    epoch: number | null;
                                    custodians: {
                                        id: string;
                                        kind: string;
                                        /** @enum {string} */
                                        state: "destroyed" | "scheduled" | "left-out" | "stated";
                                        /** Format: date-time */
                                        at: string;
                                        method: string;
                                        statement?: string;
                                    }[];
                                    t2: {
                                        at: string | null;
                                        waits: {
                                            id: string;
                                            kind: string;
                                            until: string | null;
                                        }[];
                                    } | null;
                                };
                                signature: string;
                                public_key: string;
                            };
                            resting: {
                                /** @enum {number} */
                                custode_receipt: 1;
                                /** @enum {string} */
                                kind: "withdrawal";
                                organisation: {
                                    /** Format: uuid */
                                    id: string;
                                    name: string;
                                };
                                /** Format: uuid */
                                act: string;
                                /** Format: date-time */
                                at: string;
                                compartments: string[];
                                slots: number[];
                                kept: ({
                                    /** @enum {string} */
                                    what: "trail";
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    why: "accountability";
                                    slot: number;
                                } | {
                                    /** Format: uuid */
                                    id: string;
                                    basis: string;
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    number: string;
                                    part: number;
                                    reason: ("buyer" | "goods" | "cancelled") | null;
                                    /** Format: date-time */
                                    issued_at: string;
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    what: "document";
                                    slot: number;
                                })[];
                                link: string;
                                entry: {
                                    index: number;
                                    body: string;
                                    salt: string;
                                    commitment: string;
                                };
                                proof: {
                                    hashes: string[];
                                    checkpoint: string;
                                    vkey: string;
                                };
                                head: string;
                                destruction: {
                                    /** Format: date-time */
                                    t0: string;
                                    t1: string | null;
                                    epoch: number | null;
                                    custodians: {
                                        id: string;
                                        kind: string;
                                        /** @enum {string} */
                                        state: "destroyed" | "scheduled" | "left-out" | "stated";
                                        /** Format: date-time */
                                        at: string;
                                        method: string;
                                        statement?: string;
                                    }[];
                                    t2: {
                                        at: string | null;
                                        waits: {
                                            id: string;
                                            kind: string;
                                            until: string | null;
                                        }[];
                                    } | null;
                                };
                                signature: string;
                                public_key: string;
                            } | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/withdrawal-receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            receipt: {
                                /** @enum {number} */
                                custode_receipt: 1;
                                /** @enum {string} */
                                kind: "withdrawal";
                                organisation: {
                                    /** Format: uuid */
                                    id: string;
                                    name: string;
                                };
                                /** Format: uuid */
                                act: string;
                                /** Format: date-time */
                                at: string;
                                compartments: string[];
                                slots: number[];
                                kept: ({
                                    /** @enum {string} */
                                    what: "trail";
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    why: "accountability";
                                    slot: number;
                                } | {
                                    /** Format: uuid */
                                    id: string;
                                    basis: string;
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    number: string;
                                    part: number;
                                    reason: ("buyer" | "goods" | "cancelled") | null;
                                    /** Format: date-time */
                                    issued_at: string;
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    what: "document";
                                    slot: number;
                                })[];
                                link: string;
                                entry: {
                                    index: number;
                                    body: string;
                                    salt: string;
                                    commitment: string;
                                };
                                proof: {
                                    hashes: string[];
                                    checkpoint: string;
                                    vkey: string;
                                };
                                head: string;
                                destruction: {
                                    /** Format: date-time */
                                    t0: string;
                                    t1: string | null;
                                    epoch: number | null;
                                    custodians: {
                                        id: string;
                                        kind: string;
                                        /** @enum {string} */
                                        state: "destroyed" | "scheduled" | "left-out" | "stated";
                                        /** Format: date-time */
                                        at: string;
                                        method: string;
                                        statement?: string;
                                    }[];
                                    t2: {
                                        at: string | null;
                                        waits: {
                                            id: string;
                                            kind: string;
                                            until: string | null;
                                        }[];
                                    } | null;
                                };
                                signature: string;
                                public_key: string;
                            };
                            resting: {
                                /** @enum {number} */
                                custode_receipt: 1;
                                /** @enum {string} */
                                kind: "withdrawal";
                                organisation: {
                                    /** Format: uuid */
                                    id: string;
                                    name: string;
                                };
                                /** Format: uuid */
                                act: string;
                                /** Format: date-time */
                                at: string;
                                compartments: string[];
                                slots: number[];
                                kept: ({
                                    /** @enum {string} */
                                    what: "trail";
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    why: "accountability";
                                    slot: number;
                                } | {
                                    /** Format: uuid */
                                    id: string;
                                    basis: string;
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    number: string;
                                    part: number;
                                    reason: ("buyer" | "goods" | "cancelled") | null;
                                    /** Format: date-time */
                                    issued_at: string;
                                    /** Format: date-time */
                                    until: string;
                                    /** @enum {string} */
                                    what: "document";
                                    slot: number;
                                })[];
                                link: string;
                                entry: {
                                    index: number;
                                    body: string;
                                    salt: string;
                                    commitment: string;
                                };
                                proof: {
                                    hashes: string[];
                                    checkpoint: string;
                                    vkey: string;
                                };
                                head: string;
                                destruction: {
                                    /** Format: date-time */
                                    t0: string;
                                    t1: string | null;
                                    epoch: number | null;
                                    custodians: {
                                        id: string;
                                        kind: string;
                                        /** @enum {string} */
                                        state: "destroyed" | "scheduled" | "left-out" | "stated";
                                        /** Format: date-time */
                                        at: string;
                                        method: string;
                                        statement?: string;
                                    }[];
                                    t2: {
                                        at: string | null;
                                        waits: {
                                            id: string;
                                            kind: string;
                                            until: string | null;
                                        }[];
                                    } | null;
                                };
                                signature: string;
                                public_key: string;
                            } | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/destruction-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        link: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            t0: string;
                            t1: string | null;
                            epoch: number | null;
                            custodians: {
                                id: string;
                                kind: string;
                                /** @enum {string} */
                                state: "destroyed" | "scheduled" | "left-out" | "stated";
                                /** Format: date-time */
                                at: string;
                                method: string;
                                statement?: string;
                            }[];
                            t2: {
                                at: string | null;
                                waits: {
                                    id: string;
                                    kind: string;
                                    until: string | null;
                                }[];
                            } | null;
                            slots: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/destructions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: date-time */
                                t0: string;
                                t1: string | null;
                                epoch: number | null;
                                custodians: {
                                    id: string;
                                    kind: string;
                                    /** @enum {string} */
                                    state: "destroyed" | "scheduled" | "left-out" | "stated";
                                    /** Format: date-time */
                                    at: string;
                                    method: string;
                                    statement?: string;
                                }[];
                                t2: {
                                    at: string | null;
                                    waits: {
                                        id: string;
                                        kind: string;
                                        until: string | null;
                                    }[];
                                } | null;
                                /** Format: uuid */
                                act: string;
                                slots: number[];
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/rolls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            epoch: number;
                            t1: string | null;
                            slots: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/log-verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            ok: true;
                            size: number;
                            root: string;
                        } | {
                            /** @enum {boolean} */
                            ok: false;
                            entry: number;
                            what: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/restorations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** Format: date-time */
                                restored_at: string;
                                backup_at: string | null;
                                counts: {
                                    changes: number;
                                    erasures: number;
                                    withdrawals: number;
                                    closures: number;
                                    departures: number;
                                    sessions: number;
                                    /** @default 0 */
                                    passkeys: number;
                                    grants: number;
                                    replaced: number;
                                    deleted: number;
                                    lost: {
                                        people: number;
                                        consents: number;
                                        questions: number;
                                        imports: number;
                                        purchases: number;
                                        /** @default 0 */
                                        documents: number;
                                    };
                                    invite: string[];
                                    unclear: {
                                        [key: string]: number;
                                    };
                                };
                                shredding: {
                                    asked_by: string;
                                    /** Format: date-time */
                                    asked_at: string;
                                    confirmed_at: string | null;
                                    done_at: string | null;
                                    slots: number | null;
                                } | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/restorations/{id}/shreddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            confirmed: boolean;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                /** @enum {string} */
                                kind: "customers" | "purchases" | "contacts";
                                source: string;
                                /** Format: date-time */
                                started_at: string;
                                ended_at: string | null;
                                lines: number;
                                kept: number;
                                known: number;
                                refused: number;
                                disputed: number;
                                undo_asked_at: string | null;
                                undone_at: string | null;
                                erased: number;
                                stayed: number;
                            }[];
                            runs: {
                                /** Format: uuid */
                                id: string;
                                import: string | null;
                                begun_by: string;
                                /** Format: date-time */
                                begun_at: string;
                                done: number;
                                total: number;
                                ended_at: string | null;
                                failure: ("stopped" | "unavailable" | "invalid" | "too_large" | "internal") | null;
                            }[];
                            undos: {
                                /** Format: uuid */
                                import: string;
                                proposed_by: string;
                                /** Format: date-time */
                                proposed_at: string;
                                erases: number;
                                stays: number;
                                decided_by: string | null;
                                decided_at: string | null;
                                approved: boolean | null;
                            }[];
                            next: null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/imports/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            faults: {
                                code: string;
                                lines: number[];
                            }[];
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/imports/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            erased: number;
                            stayed: string[];
                            purchases?: {
                                removed: number;
                                left: number;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/imports/{id}/undos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        confirm: true;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            import: string;
                            proposed_by: string;
                            /** Format: date-time */
                            proposed_at: string;
                            erases: number;
                            stays: number;
                            decided_by: string | null;
                            decided_at: string | null;
                            approved: boolean | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/imports/{id}/undo-decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        approved: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            import: string;
                            proposed_by: string;
                            /** Format: date-time */
                            proposed_at: string;
                            erases: number;
                            stays: number;
                            decided_by: string | null;
                            decided_at: string | null;
                            approved: boolean | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query: {
                    format: "csv" | "hubspot" | "salesforce" | "vcard";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            format: "csv" | "hubspot" | "salesforce" | "vcard";
                            bytes: number;
                            lines: number;
                            columns: {
                                header: string;
                                target: string | null;
                                /** @enum {string} */
                                reason: "code" | "label" | "usual_word" | "nothing_fits";
                            }[];
                            targets: string[];
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            format: "csv" | "hubspot" | "salesforce" | "vcard";
                            bytes: number;
                            lines: number;
                            columns: {
                                header: string;
                                target: string | null;
                                /** @enum {string} */
                                reason: "code" | "label" | "usual_word" | "nothing_fits";
                            }[];
                            targets: string[];
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-uploads/{id}/previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        mapping: {
                            header: string;
                            target: string | null;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            lines: {
                                line: number;
                                fault: string | null;
                                purposes: string[];
                                agreed_at: string | null;
                                proof: string | null;
                                values: {
                                    field: string;
                                    value: string;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-uploads/{id}/rehearsals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        mapping: {
                            header: string;
                            target: string | null;
                        }[];
                        source: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            lines: number;
                            kept: number;
                            known: number;
                            refused: number;
                            faults: {
                                code: string;
                                lines: number[];
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-uploads/{id}/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        mapping: {
                            header: string;
                            target: string | null;
                        }[];
                        source: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            import: string | null;
                            begun_by: string;
                            /** Format: date-time */
                            begun_at: string;
                            done: number;
                            total: number;
                            ended_at: string | null;
                            failure: ("stopped" | "unavailable" | "invalid" | "too_large" | "internal") | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-uploads/{id}/lead-previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        mapping: {
                            header: string;
                            target: string | null;
                        }[];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            addresses: number;
                            opted_out: number;
                            left: number;
                            letter: {
                                en: {
                                    subject: string;
                                    text: string;
                                };
                                it: {
                                    subject: string;
                                    text: string;
                                };
                            };
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-uploads/{id}/leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        mapping: {
                            header: string;
                            target: string | null;
                        }[];
                        /** @enum {string} */
                        language: "en" | "it";
                        /** @enum {boolean} */
                        confirm: true;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            asked: number;
                            left: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/import-runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            import: string | null;
                            begun_by: string;
                            /** Format: date-time */
                            begun_at: string;
                            done: number;
                            total: number;
                            ended_at: string | null;
                            failure: ("stopped" | "unavailable" | "invalid" | "too_large" | "internal") | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/bases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                code: string;
                                closed: boolean;
                                newest: number;
                                now: {
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    fields: string[];
                                    years: number;
                                    /** @enum {string} */
                                    counts_from: "issue" | "year_end";
                                    readers: string[];
                                    basis: string;
                                    version: number;
                                    proposed_by: string | null;
                                    proposed_at: string | null;
                                    decided_by: string | null;
                                    decided_at: string | null;
                                    approved: boolean | null;
                                } | null;
                                versions: {
                                    name: {
                                        en: string;
                                        it: string;
                                    };
                                    law: {
                                        en: string;
                                        it: string;
                                    };
                                    why: {
                                        en: string;
                                        it: string;
                                    };
                                    fields: string[];
                                    years: number;
                                    /** @enum {string} */
                                    counts_from: "issue" | "year_end";
                                    readers: string[];
                                    basis: string;
                                    version: number;
                                    proposed_by: string | null;
                                    proposed_at: string | null;
                                    decided_by: string | null;
                                    decided_at: string | null;
                                    approved: boolean | null;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: {
                            en: string;
                            it: string;
                        };
                        law: {
                            en: string;
                            it: string;
                        };
                        why: {
                            en: string;
                            it: string;
                        };
                        fields: ("number" | "issued_on" | "buyer_name" | "buyer_address" | "buyer_tax_code" | "buyer_vat_number" | "goods" | "vat_rate")[];
                        years: number;
                        /** @enum {string} */
                        counts_from: "issue" | "year_end";
                        readers: "invoice_question"[];
                        code: string;
                        after: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: {
                                en: string;
                                it: string;
                            };
                            law: {
                                en: string;
                                it: string;
                            };
                            why: {
                                en: string;
                                it: string;
                            };
                            fields: string[];
                            years: number;
                            /** @enum {string} */
                            counts_from: "issue" | "year_end";
                            readers: string[];
                            basis: string;
                            version: number;
                            proposed_by: string | null;
                            proposed_at: string | null;
                            decided_by: string | null;
                            decided_at: string | null;
                            approved: boolean | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/bases/{code}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        version: number;
                        approved: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: {
                                en: string;
                                it: string;
                            };
                            law: {
                                en: string;
                                it: string;
                            };
                            why: {
                                en: string;
                                it: string;
                            };
                            fields: string[];
                            years: number;
                            /** @enum {string} */
                            counts_from: "issue" | "year_end";
                            readers: string[];
                            basis: string;
                            version: number;
                            proposed_by: string | null;
                            proposed_at: string | null;
                            decided_by: string | null;
                            decided_at: string | null;
                            approved: boolean | null;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/portal/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                basis: string;
                                name: {
                                    en: string;
                                    it: string;
                                };
                                law: {
                                    en: string;
                                    it: string;
                                };
                                why: {
                                    en: string;
                                    it: string;
                                };
                                number: string;
                                part: number;
                                reason: ("buyer" | "goods" | "cancelled") | null;
                                /** Format: date-time */
                                issued_at: string;
                                /** Format: date-time */
                                until: string;
                                content: ({
                                    number?: string;
                                    issued_on?: string;
                                    buyer_name?: string;
                                    buyer_address?: unknown;
                                    buyer_tax_code?: string;
                                    buyer_vat_number?: string;
                                    goods?: ({
                                        code: string;
                                        description: string;
                                        quantity: number;
                                        unit_price: {
                                            amount: number;
                                            currency: string;
                                            exponent?: number;
                                        } & {
                                            [key: string]: unknown;
                                        };
                                    } & {
                                        [key: string]: unknown;
                                    })[];
                                    vat_rate?: number;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                                readings: {
                                    index: number;
                                    /** Format: date-time */
                                    time: string;
                                    kind: string;
                                    actor: {
                                        /** @enum {string} */
                                        role: "you" | "guardian" | "employee" | "officer" | "system";
                                        name: string | null;
                                    };
                                    fields: string[];
                                    purpose: string | null;
                                    task: {
                                        /** Format: uuid */
                                        id: string;
                                        type: string | null;
                                    } | null;
                                    result: string;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/work/tasks/{id}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                basis: string;
                                name: {
                                    en: string;
                                    it: string;
                                };
                                law: {
                                    en: string;
                                    it: string;
                                };
                                why: {
                                    en: string;
                                    it: string;
                                };
                                number: string;
                                part: number;
                                reason: ("buyer" | "goods" | "cancelled") | null;
                                /** Format: date-time */
                                issued_at: string;
                                /** Format: date-time */
                                until: string;
                                content: ({
                                    number?: string;
                                    issued_on?: string;
                                    buyer_name?: string;
                                    buyer_address?: unknown;
                                    buyer_tax_code?: string;
                                    buyer_vat_number?: string;
                                    goods?: ({
                                        code: string;
                                        description: string;
                                        quantity: number;
                                        unit_price: {
                                            amount: number;
                                            currency: string;
                                            exponent?: number;
                                        } & {
                                            [key: string]: unknown;
                                        };
                                    } & {
                                        [key: string]: unknown;
                                    })[];
                                    vat_rate?: number;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        basis: string;
                        /** Format: uuid */
                        purchase: string;
                        vat_rate: (0 | 4 | 5 | 10 | 22) | null;
                        reason: ("buyer" | "goods" | "cancelled") | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                            part: number;
                            /** Format: date-time */
                            issued_at: string;
                            /** Format: date-time */
                            until: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: {
                    number?: string;
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                basis: string;
                                source: string;
                                number: string;
                                part: number;
                                /** Format: date-time */
                                issued_at: string;
                                /** Format: date-time */
                                until: string;
                                left: boolean;
                                asked: boolean;
                            }[];
                            next: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/office/documents/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never>;
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: uuid */
                            id: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/document-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        link: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                /** Format: uuid */
                                id: string;
                                basis: string;
                                name: {
                                    en: string;
                                    it: string;
                                };
                                law: {
                                    en: string;
                                    it: string;
                                };
                                why: {
                                    en: string;
                                    it: string;
                                };
                                number: string;
                                part: number;
                                reason: ("buyer" | "goods" | "cancelled") | null;
                                /** Format: date-time */
                                issued_at: string;
                                /** Format: date-time */
                                until: string;
                                content: ({
                                    number?: string;
                                    issued_on?: string;
                                    buyer_name?: string;
                                    buyer_address?: unknown;
                                    buyer_tax_code?: string;
                                    buyer_vat_number?: string;
                                    goods?: ({
                                        code: string;
                                        description: string;
                                        quantity: number;
                                        unit_price: {
                                            amount: number;
                                            currency: string;
                                            exponent?: number;
                                        } & {
                                            [key: string]: unknown;
                                        };
                                    } & {
                                        [key: string]: unknown;
                                    })[];
                                    vat_rate?: number;
                                } & {
                                    [key: string]: unknown;
                                }) | null;
                                readings: {
                                    index: number;
                                    /** Format: date-time */
                                    time: string;
                                    kind: string;
                                    actor: {
                                        /** @enum {string} */
                                        role: "you" | "guardian" | "employee" | "officer" | "system";
                                        name: string | null;
                                    };
                                    fields: string[];
                                    purpose: string | null;
                                    task: {
                                        /** Format: uuid */
                                        id: string;
                                        type: string | null;
                                    } | null;
                                    result: string;
                                }[];
                            }[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
