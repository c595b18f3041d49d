// Shows the API's description. It is for reading: nothing is sent from here, because what would be sent are orders.
window.SwaggerUIBundle({
  url: "../openapi.json",
  dom_id: "#description",
  deepLinking: true,
  supportedSubmitMethods: [],
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  defaultModelRendering: "example",
});
